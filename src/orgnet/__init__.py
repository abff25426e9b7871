"""Organisational network analysis."""
