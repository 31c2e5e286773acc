"""Delivery and what came of it: returns, indicators, outcomes, reports."""
