"""The operator's console: the only Qt in the program besides its start. A client of the station's bus."""
