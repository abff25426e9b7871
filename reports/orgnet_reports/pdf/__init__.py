"""The report as a PDF, printed by an installed browser."""
