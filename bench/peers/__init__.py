"""The same work on other software, measured the same way on the same machine and the same PostgreSQL."""
