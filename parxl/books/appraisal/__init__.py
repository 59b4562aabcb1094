"""The council's workbooks, and the explanation form."""
