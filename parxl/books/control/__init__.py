"""The control workbook ``dot-cham.xlsx``: written, read and checked."""
