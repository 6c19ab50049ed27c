"""Two records → what changed between them; many records → the history of an indicator, copies, sums."""
