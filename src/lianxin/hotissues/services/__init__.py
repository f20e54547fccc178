"""What is done with hot issues: grouping, placing, deciding."""
