"""The roster (花名册): a workbook is read, compared with the register, looked at, and applied in one transaction.

`columns` knows the names of columns, `reading` the workbook, `register` what is recorded, `trees` and `people` compare,
`planning` puts a plan together, `applying` carries it out, `imports` is what one can do.
"""
