"""Who flies what: the demand per stretch of border, the fleet, the split of the line, sorties and relief. Pure."""
