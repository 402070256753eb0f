"""The tests: the four packages mirrored, stories through the real door, fakes of the outside world."""
