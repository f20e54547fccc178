"""Early warning: what the rules find, whom it is told, and what becomes of it."""
