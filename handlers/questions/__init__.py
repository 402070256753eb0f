"""How answers to open questions are read: one module a family, found by walking this folder (`READERS`)."""
