"""The door: platforms, HTTP, signatures, pacing, delivery. It puts the product together in `bot/app.py`."""
