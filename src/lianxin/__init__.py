"""Lianxin (连心桥): say it, be heard, get it solved, see it done."""
