"""Drawings: plain functions from numbers to SVG, without a page around them."""
