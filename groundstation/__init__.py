"""The station: links, vehicles, video, incidents, store, sharing, console, and the program that puts them together."""

__version__ = "0.1.0"
