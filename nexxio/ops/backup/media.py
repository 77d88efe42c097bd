"""The files of a backup, through Django's storages: a folder or a bucket, the same way."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management.base import CommandError

_CHUNK = 1024 * 1024


def all_paths(folder: str = "") -> Iterator[str]:
    """Path of every file in the storage."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return  # nothing was ever stored
    yield from (str(PurePosixPath(folder) / name) for name in sorted(files))
    for name in sorted(folders):
        yield from all_paths(str(PurePosixPath(folder) / name))


def save_all(folder: Path, listing: Path) -> dict[str, Any]:
    """Copy every file, and list it. Returns how many, and how many bytes."""
    count = total = 0
    with listing.open("w", encoding="utf-8") as lines:
        for path in all_paths():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with default_storage.open(path, "rb") as source, target.open("wb") as copy:
                size, digest = _copy(source, copy)
            lines.write(json.dumps({"path": path, "size": size, "sha256": digest}) + "\n")
            count, total = count + 1, total + size
    return {"files": count, "bytes": total}


def listed(listing: Path) -> Iterator[dict[str, Any]]:
    """Lines of a listing; paths that lead out of the storage are refused."""
    with listing.open(encoding="utf-8") as lines:
        for line in lines:
            entry: dict[str, Any] = json.loads(line)
            path = PurePosixPath(entry["path"])
            if path.is_absolute() or ".." in path.parts:
                raise CommandError(f"{listing.name}: {path} leads out of the storage.")
            yield entry


def damaged(folder: Path, listing: Path) -> list[str]:
    """Files of a backup that are not what its listing says."""
    return [
        entry["path"]
        for entry in listed(listing)
        if not (folder / entry["path"]).is_file()
        or sha256_of(folder / entry["path"]) != entry["sha256"]
    ]


def bring_back(folder: Path, listing: Path) -> int:
    """Store what is missing. A file that is there with another content stops everything."""
    count = 0
    for entry in listed(listing):
        path = entry["path"]
        if default_storage.exists(path):
            if _stored_digest(path) != entry["sha256"]:
                raise CommandError(f"The storage holds {path} with another content.")
            continue
        with (folder / path).open("rb") as source:
            kept = default_storage.save(path, File(source))
        if kept != path:
            raise CommandError(f"The storage kept {path} as {kept}.")
        count += 1
    return count


def wrong_in_storage(listing: Path) -> list[str]:
    """Files of the listing that the storage lacks, or holds with another content."""
    return [
        entry["path"]
        for entry in listed(listing)
        if not default_storage.exists(entry["path"])
        or _stored_digest(entry["path"]) != entry["sha256"]
    ]


def sha256_of(path: Path) -> str:
    """Digest of a file of any size."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _stored_digest(path: str) -> str:
    with default_storage.open(path, "rb") as source:
        return _digest(source)


def _digest(source: IO[bytes]) -> str:
    total = hashlib.sha256()
    while chunk := source.read(_CHUNK):
        total.update(chunk)
    return total.hexdigest()


def _copy(source: Any, copy: IO[bytes]) -> tuple[int, str]:
    total, size = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK):
        copy.write(chunk)
        total.update(chunk)
        size += len(chunk)
    return size, total.hexdigest()
