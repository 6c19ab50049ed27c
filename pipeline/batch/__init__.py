"""Many files: which documents they hold, in order, and a process of its own for what may go wrong with them."""
