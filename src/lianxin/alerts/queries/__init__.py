"""Reading early warnings and their rules."""
