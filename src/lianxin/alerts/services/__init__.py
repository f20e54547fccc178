"""What the rules of early warning find, who is notified of it, and what becomes of it."""
