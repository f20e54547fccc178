"""What stands on first pages and on the pages of figures."""
