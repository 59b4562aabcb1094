"""The province's own workbooks: the league workbook and the table to publish."""
