"""Due diligence on a bid: what the system knows of each check, what an officer said of it, and what is still open."""
