"""Pages, named after who sits at the screen: the public, the assessor, the chair, the officer."""
