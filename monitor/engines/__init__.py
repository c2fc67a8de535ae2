"""What runs the daemon's duties: one file an engine, found by its name."""
