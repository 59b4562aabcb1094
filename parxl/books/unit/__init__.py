"""The unit's own result workbook, with the what-if sheet."""
