"""Where kept files lie, and how they go. A model with files says its folder: ``file_folder = "evidence"``; its
``FileField`` has ``upload_to=random_name``, by which the sweep (``foundation.stored_files.sweeping``) knows it."""

import functools
import uuid
from typing import Protocol

from django.db import transaction
from django.db.models.fields.files import FieldFile

from foundation.refusals import Refused


class StorageUnavailable(Refused):
    """The store of files does not answer, or refuses the portal's key. The cause stands in the log."""

    status_code = 503


class KeepsFiles(Protocol):
    file_folder: str


def random_name(owner: KeepsFiles, filename: str) -> str:
    """A name nobody can guess, in one of 256 folders; what the file was called stands in its row only."""
    name = uuid.uuid4().hex
    return f"{owner.file_folder}/{name[:2]}/{name}"


def delete_on_commit(*files: FieldFile) -> None:
    """Remove files once the change that lets go of them is committed; empty fields are passed over.

    A storage that does not answer at that moment fails nothing: the sweep finds what is left.
    """
    for file in files:
        if file:
            transaction.on_commit(functools.partial(file.storage.delete, str(file.name)), robust=True)
