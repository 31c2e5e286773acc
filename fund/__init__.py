"""The fund: who takes part, what the money is for, how much is left."""
