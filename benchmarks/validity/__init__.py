"""Whether the rules of the diagnosis are right: planted organisations, scored against the truth."""
