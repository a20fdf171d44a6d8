"""Files in the storage that no row names: left by a transaction that was rolled back, a worker that was killed, a storage
that did not answer when its file was to be deleted."""

import datetime
import logging
from collections import defaultdict
from collections.abc import Iterator

from django.apps import apps
from django.core.files.storage import Storage, default_storage
from django.db import models
from django.utils import timezone

from foundation.files.keeping import random_name

logger = logging.getLogger(__name__)

#: A file is stored moments before its row, or after it: nobody still works on one this old.
ORPHAN_AFTER = datetime.timedelta(days=2)
#: So many unknown files of a folder, and more than this share of it, are no accident but another portal's, or a
#: database put back from long ago.
MANY, SHARE = 100, 0.25

Column = tuple[type[models.Model], str]


def folders() -> dict[str, list[Column]]:
    """Each folder of kept files with the columns that name what lies there."""
    found: dict[str, list[Column]] = defaultdict(list)
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, models.FileField) and field.upload_to is random_name:
                found[model.file_folder].append((model, field.name))  # type: ignore[attr-defined]  # random_name reads it
    return dict(found)


def sweep_orphans() -> dict[str, int]:
    """Delete them. Returns how many of each folder. A folder with too many is left as it is, and said in the log."""
    removed: dict[str, int] = {}
    before = timezone.now() - ORPHAN_AFTER
    for folder, columns in folders().items():
        total, unknown = 0, []
        for place, names in files_under(default_storage, folder):
            total += len(names)
            unknown += sorted(set(names) - _known(columns, place))
        if len(unknown) > MANY and len(unknown) > SHARE * total:
            logger.error(
                "%s of %s files in %s belong to no row of this database; nothing was removed. Is the storage another "
                "portal's, or the database an old one? Files that nobody needs can be removed by hand",
                len(unknown),
                total,
                folder,
            )
            continue
        removed[folder] = sum(_remove(default_storage, name, before) for name in unknown)
    return removed


def files_under(storage: Storage, folder: str) -> Iterator[tuple[str, list[str]]]:
    """(folder, whole names of the files in it), downwards."""
    try:
        inner, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    if files:
        yield folder, [f"{folder}/{name}" for name in files]
    for name in inner:
        yield from files_under(storage, f"{folder}/{name}")


def _known(columns: list[Column], folder: str) -> set[str]:
    named: set[str] = set()
    for model, field in columns:
        rows = model._base_manager.filter(**{f"{field}__startswith": f"{folder}/"})
        named.update(rows.values_list(field, flat=True).iterator())
    return named


def _remove(storage: Storage, name: str, before: datetime.datetime) -> int:
    try:
        if storage.get_modified_time(name) >= before:
            return 0
        storage.delete(name)
    except FileNotFoundError:
        return 0
    return 1
