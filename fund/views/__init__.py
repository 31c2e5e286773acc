"""The pages of the fund, one module per kind of person who sits at the screen."""
