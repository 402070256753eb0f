"""The desk: grid governance itself: duties, the closed loop, who does what by when, what to say."""
