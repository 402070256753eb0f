"""The ear measured: labelled files read, heard and compared, with intervals, and told in tables."""
