"""Measurements over real data: `python -m bench.NAME`."""
