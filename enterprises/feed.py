"""The register's change feed: what was changed is counted again."""

from collections.abc import Iterable

from django.db import transaction

from enterprises.models import Enterprise, EnterpriseChange
from enterprises.signals import enterprise_changed

_BATCH = 500


def append_changes(enterprise_ids: Iterable[int]) -> None:
    """Say that these entries changed. Call inside the transaction of the change."""
    rows = [EnterpriseChange(enterprise_id=pk) for pk in enterprise_ids]
    if rows:
        EnterpriseChange.objects.bulk_create(rows, batch_size=_BATCH)
        transaction.on_commit(lambda: enterprise_changed.send(sender=Enterprise))
