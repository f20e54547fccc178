"""What texts say: made plain, cut into words, compared, grouped, given categories. Nothing here knows of cases."""
