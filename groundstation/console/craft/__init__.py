"""What surrounds the work: settings, keys, first steps, what the station says, crash reports."""
