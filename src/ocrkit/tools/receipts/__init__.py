"""Reads the fields of receipts and invoices by rules: labels of several languages, dates, amounts and where they stand.

Every value is printed on the page: its field says where, and how it stands there. Knows no format and no engine.
"""
