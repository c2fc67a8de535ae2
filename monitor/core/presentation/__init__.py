"""What pages say and show, made from stored fields only: words, rows, sentences, tables, plots. Pure."""
