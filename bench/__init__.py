"""Repeatable measurements. Each prints ratios against a baseline measured in the same run; nothing here is asserted
in a test.
"""
