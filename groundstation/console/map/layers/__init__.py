"""What the map can draw, one subject per file."""
