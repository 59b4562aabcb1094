"""Every workbook that parxl writes or owns."""
