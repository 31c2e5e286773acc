"""The demonstration of delivery and outcomes."""
