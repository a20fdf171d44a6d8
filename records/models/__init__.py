"""The record core: records, their history, evidence, duties and the reporting quarters."""

from records.models.attachment import Attachment
from records.models.duty import Duty, DutyRule, QuarterStatement
from records.models.exchange import ImportBatch, ImportState
from records.models.history import RecordChange, RecordStep
from records.models.period import ReportingQuarter
from records.models.record import Record, RecordManager, RecordQuerySet, Status

__all__ = [
    "Attachment",
    "Duty",
    "DutyRule",
    "ImportBatch",
    "ImportState",
    "QuarterStatement",
    "Record",
    "RecordChange",
    "RecordManager",
    "RecordQuerySet",
    "RecordStep",
    "ReportingQuarter",
    "Status",
]
