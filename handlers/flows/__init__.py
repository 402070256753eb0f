"""What the desk does with a duty: one module a flow, named by the catalogue."""
