"""What an operator can do, as functions that return values; the command line and the web are thin skins over them."""
