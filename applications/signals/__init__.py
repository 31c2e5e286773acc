"""Signals for staff only: bids of different organisations with something in common, found by the machine, answered by a person."""
