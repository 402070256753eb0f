"""Words and buttons: one module a command, found by walking this folder."""
