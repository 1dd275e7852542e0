"""The rules on the ground, one file per kind. Each is fed with frames of tracks and owns neither clock nor bus."""
