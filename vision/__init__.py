"""Frames in, ground tracks out: ingest, detection, tracking, georeferencing. Knows no mission and no simulator."""
