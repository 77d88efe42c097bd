"""The estate import: a landlord's programmes, from the open-data file of Paris.

Pure, no database, no Django:

- `csvfile` splits bytes into records in constant memory, and says where a file is broken;
- `reader` types and checks rows; `landlords` tells whose they are; `addresses` makes them readable;
- `plan` compares the rows with the groups that exist: created, changed, unchanged, skipped,
  refused, each row exactly once.

With the database: `services` asks for three kinds of job, `tasks` does them in a worker, `applying`
writes, `results` says what a job keeps and `selectors` what its page shows.

1. *Rehearsal.* The file is kept, a job reads it and keeps the plan as its result: the counts, the
   lines, and a digest of what an apply would write. It writes no group.
2. *Apply*, of one rehearsal. The file is read again without any lock (that is what takes time, and
   the progress bar shows it); then one transaction takes the landlord's estate lock, compares the
   rows with the groups as they are now, refuses when the digest is no longer the rehearsed one
   (somebody else imported meanwhile), writes groups in batches, records one event, and keeps its
   own result in the job's row. So either all of it is there, with its result, or nothing. A killed
   worker's job is started again by the sweep, and finds its result or begins anew; a slow worker
   that is overtaken finds the other one's.
3. *Undo*, of one apply, the latest that wrote something first. One transaction under the same
   lock: groups that the apply created go where nothing stands on them (dwellings, a name given by
   hand, whatever refers to them), fields that it changed get back their former values where they
   have not moved since. What stays is named with its reason.

The command does 2 without a rehearsal, in its own process, and leaves the job so that 3 is open.
Run again, an import finds every row unchanged, writes nothing and records nothing.
"""
