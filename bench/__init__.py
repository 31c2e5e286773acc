"""Benchmarks of the pages people wait for, in hellos: `make bench`."""
