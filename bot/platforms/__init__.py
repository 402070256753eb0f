"""One file, or one folder of its name, per platform; a platform that is off is never imported."""
