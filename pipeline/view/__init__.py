"""Pages and terminal tables to look at: they draw what the stages found and decide nothing themselves."""
