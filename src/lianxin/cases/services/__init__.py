"""What one can do with a case."""
