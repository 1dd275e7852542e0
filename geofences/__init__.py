"""Pure geometry, the bottom of the program: geodesy, terrain, shapes, containment, crossings. No I/O but files."""
