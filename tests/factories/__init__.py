"""Valid things with nothing to say. One module per package; a fact that matters to a test is given by the test."""
