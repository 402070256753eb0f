"""Knows a simulated month: a town full of people who write, forget, come back and work, under a fake clock."""
