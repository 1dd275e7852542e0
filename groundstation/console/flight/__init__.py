"""Flying: a row for every aircraft, the primary flight display, orders, the list before a flight, the camera."""
