"""What the worker makes of cases that it reads, and what people made of its suggestions."""
