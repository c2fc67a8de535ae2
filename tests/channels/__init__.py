"""Channels against real servers, most of which misbehave."""
