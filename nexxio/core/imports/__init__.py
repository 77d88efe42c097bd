"""Imports from workbooks and CSV: one engine, and one small slice for each kind of thing.

Without a database: `sniff` and `guard` look at the bytes before anything parses them, `workbook`
makes numbered lines of them (`csvfile` for CSV), `headings` finds the header row and proposes
columns, `cells` types cells, `rows` makes typed rows, `inspecting` looks at a whole file once.

With it: `registry` is what a kind must say, `services` are the steps that people ask for, `tasks`
do them in a worker, `running` rehearses, applies and undoes, `report` says it line by line.

How to add a kind: docs/how-to/add-an-import.md. What was decided and why: docs/adr/0007-imports.md.
"""
