"""The estate import: a landlord's programmes, from the open-data file of Paris.

Pure, no database, no Django:

- `csvfile` splits bytes into records in constant memory, and says where a file is broken;
- `reader` types and checks rows; `landlords` tells whose they are; `addresses` makes them readable;
- `plan` compares the rows with the groups that exist: created, changed, unchanged, skipped,
  refused, each row exactly once.

With the database: `services` asks for three kinds of job, and does them.

1. *Rehearsal.* The file is kept (core/files), a job reads it and keeps the plan as its result: the
   counts, the lines, and a digest of what an apply would write. It writes no group.
2. *Apply*, of one rehearsal. The file is read again before any lock (that is what takes time, and
   the progress bar shows it); then one transaction takes the landlord's estate lock, compares the
   rows with the groups as they are now, refuses when the digest is no longer the rehearsed one
   (somebody else imported meanwhile), writes groups in batches, records one event, and keeps its
   own result in the job's row. So either all of it is there, with its result, or nothing; a killed
   worker's job is started again by the sweep, finds its result and stops, or begins anew.
3. *Undo*, of one apply. One transaction under the same lock: groups that the apply created go
   where nothing stands on them (units, and so orders and tenants), fields that it changed get back
   their former values where nobody has changed them since. What stays is named with its reason.

Run again, an import finds every row unchanged and writes nothing.
"""
