"""Watches a news story and tells people what changed."""

__version__ = "0.2.0"
