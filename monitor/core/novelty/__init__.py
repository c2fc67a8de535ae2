"""Is a follow-up new to its story: likeness, origins, claims and their changes, and the verdict. Pure."""
