"""The restricted folder after a run: who is forgotten, what is deleted when, who wrote what."""
