"""What is checked on every page that a test fetches or visits."""
