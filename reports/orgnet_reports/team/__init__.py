"""The team edition: two printed pages for a small firm, with the names of those who agreed.

`page` writes them, `contents` says what stands on them, `seats` gives everybody a place around a
ring and `ring` draws it.
"""
