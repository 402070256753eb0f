"""Plays through the real door."""
