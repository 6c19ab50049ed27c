"""Many texts → which are one text, and the better source of each."""
