"""The only door to the outside: every address is judged before it is dialled, every answer is bounded."""
