"""Strict fakes of the outside world: platform servers, clocks."""
