"""The operator's endpoint."""
