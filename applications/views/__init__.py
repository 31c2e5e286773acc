"""The pages of applying, named after who sits at the screen: the public, applicants, the fund's office."""
