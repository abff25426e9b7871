"""The slides: one finding each, with charts and tables that can be edited."""
