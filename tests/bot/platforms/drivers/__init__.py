"""One module per adapter: how its platform speaks. Whoever adds a module here has joined the suite."""
