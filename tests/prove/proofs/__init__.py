"""One module per proof: each has a `PROOF`, and is found by being here."""
