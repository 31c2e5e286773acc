"""The sanctions list: read from the published file, compared with the organisations that bid and the people they name."""
