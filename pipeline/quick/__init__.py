"""What lets one document start at once: light data classes, and patterns and rules that are compiled once and kept."""
