"""The pages of awarding, one module per kind of person who sits at the screen."""
