"""The tables of a report as typed columns, for sheets and CSV files."""
