"""The memory: tables and transactions. It stores the frozen values of `handlers` and never asks why."""
