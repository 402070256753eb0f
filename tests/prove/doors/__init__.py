"""The mixed run: one bot between all fake platforms, people who write on all of them, bad weather, and a checker."""
