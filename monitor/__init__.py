"""Watches a news story and tells people what changed."""
