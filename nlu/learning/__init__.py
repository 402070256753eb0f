"""The learning loop: corrections of people become versions of the model, which are compared, promoted or refused."""
