"""What the browser asks of accounts."""
