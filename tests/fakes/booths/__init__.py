"""The fake platforms that people can use by hand; each module here has one class `Booth` (tests/fakes/by_hand.py)."""
