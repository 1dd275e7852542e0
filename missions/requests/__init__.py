"""Patrol requests: what a planner asks for, read from a file or made by the console, and made into checked plans. Pure."""
