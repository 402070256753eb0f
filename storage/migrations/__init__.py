"""The history of the schema: one file in `versions` a step, each applied once by `migrate`."""
