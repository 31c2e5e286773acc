"""What is promised and paid: decisions, offers, letters, agreements, payments, the register."""
