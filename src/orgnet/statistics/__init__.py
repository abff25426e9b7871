"""Null models, resampling and counting on plain arrays: nothing here knows people or tables."""
