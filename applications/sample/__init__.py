"""Forty invented bids for demonstration and tests, and their reader."""
