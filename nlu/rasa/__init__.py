"""Rasa as the other engine: files for it, its environment and server, and how it is asked."""
