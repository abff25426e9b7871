"""One module a section: from the model to finished blocks, or nothing where it has no place."""
