"""One suite for every platform: the same scenarios through each adapter's real wire format."""
