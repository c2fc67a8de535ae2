"""One reading of a text: words, names, quantities, dates, statements. Pure."""
