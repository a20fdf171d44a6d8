"""The record core: records, their history, evidence, duties and the reporting quarters."""

from records.models.attachment import Attachment
from records.models.duty import Duty, DutyRule, QuarterStatement
from records.models.exchange import ImportBatch, ImportState
from records.models.history import RecordChange, RecordStep
from records.models.period import ReportingQuarter
from records.models.record import TO_SAMPLE, Record, RecordManager, RecordQuerySet, Status
from records.models.review import (
    Appeal,
    AppealOutcome,
    BatchState,
    Outcome,
    ReviewBatch,
    ReviewBatchRow,
    ReviewSettings,
    SampleCheck,
    SampleOutcome,
    SampleSalt,
)

__all__ = [
    "TO_SAMPLE",
    "Appeal",
    "AppealOutcome",
    "Attachment",
    "BatchState",
    "Duty",
    "DutyRule",
    "ImportBatch",
    "ImportState",
    "Outcome",
    "QuarterStatement",
    "Record",
    "RecordChange",
    "RecordManager",
    "RecordQuerySet",
    "RecordStep",
    "ReportingQuarter",
    "ReviewBatch",
    "ReviewBatchRow",
    "ReviewSettings",
    "SampleCheck",
    "SampleOutcome",
    "SampleSalt",
    "Status",
]
