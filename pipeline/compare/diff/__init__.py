"""Two records → what changed: pairs by an assignment over similarities, then typed changes."""
