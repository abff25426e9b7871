"""The outputs of the people edition: everything in them has been asked for, with a purpose."""
