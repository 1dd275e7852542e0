"""The coverage ledger: what of a border and of the ground was really seen, when, how finely, and by whom."""
