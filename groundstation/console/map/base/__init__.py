"""The map's background: hillshade, pictures with a place, tiles out of files and over the network."""
