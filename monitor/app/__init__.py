"""The one place that builds things and joins them: configuration in, a working pipeline out."""
