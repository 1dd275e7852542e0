"""Records, topics, bus, clock, errors: what every service of the station shares."""
