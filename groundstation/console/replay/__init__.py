"""Looking at a past time with all that the console shows: its bar, its mark, and the question which time."""
