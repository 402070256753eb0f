"""Knows what works and what is missing, one module for each concern; `doctor` puts them together."""
