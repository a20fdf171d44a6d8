"""Evidence as pages show it."""

from typing import NamedTuple
from uuid import UUID

from django.db import models
from django.db.models import Q

from foundation.accounts.models import Actor
from records.core.models import Record
from records.evidence.models import Attachment


class Shown(NamedTuple):
    """A record's files: pictures as pictures, videos to be played, the rest by name."""

    pictures: list[Attachment]
    videos: list[Attachment]
    papers: list[Attachment]


def shown_files(record: Record) -> Shown:
    files = list(Attachment.objects.filter(record_id=record.pk))
    others = [entry for entry in files if not entry.thumbnail]
    return Shown(
        [entry for entry in files if entry.thumbnail],
        [entry for entry in others if entry.content_type.startswith("video/")],
        [entry for entry in others if not entry.content_type.startswith("video/")],
    )


def files_of_form(user: Actor, record: Record | None, form_token: UUID | None) -> models.QuerySet[Attachment]:
    """What is there already when a form is opened: the record's files, and what this person uploaded for the form and has
    not saved yet. A record keeps the token of its form: what was uploaded while it was edited outlives a reload."""
    mine = Attachment.objects.visible_to(user)
    unsaved = Q(record=None, form_token=form_token, uploaded_by=user) if form_token else Q(pk=None)
    return mine.filter(unsaved | Q(record_id=record.pk) if record else unsaved)
