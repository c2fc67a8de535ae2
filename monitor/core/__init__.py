"""Everything that decides: values in, values out. No clock, dice, socket, file, environment, SQL or logging."""
