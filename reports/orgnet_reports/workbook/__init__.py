"""The workbook: every table of the report as a sheet, numbers as numbers."""
