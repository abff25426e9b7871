"""How fast exports are read, beside other readers of the same files."""
