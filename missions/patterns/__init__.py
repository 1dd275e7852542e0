"""Patterns: from an area and a request to a plan."""
