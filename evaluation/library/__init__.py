"""The indicators that projects may promise and report against, and their reader."""
