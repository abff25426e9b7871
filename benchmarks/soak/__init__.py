"""Stops runs at random moments, fills the disk, takes files away; looks at what is left."""
