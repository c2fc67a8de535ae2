"""Bytes and texts as publishers serve them: feeds, articles, notices, and what stands around them. Pure."""
