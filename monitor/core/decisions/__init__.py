"""What a visit, a second look or the passing of time amounts to: values in, values out. Pure."""
