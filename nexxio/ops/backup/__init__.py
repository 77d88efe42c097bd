"""Backups: database, files and a manifest that says what must come back.

    <folder>/manifest.json    versions, sha256 of the other files, rows and checksum of each table
    <folder>/database.dump    pg_dump's custom format
    <folder>/media.jsonl      path, size and sha256 of each file
    <folder>/media/…          the files

Secrets are not in it: without NEXXIO_LINK_KEY the links that were sent stay valid, but new messages
can't name them (docs/operations/backup.md).
"""
