"""The data of the record core, its duties, evidence, reviews and imports: each inner room's models under one name."""

from records.core.models import (
    TO_SAMPLE,
    Record,
    RecordManager,
    RecordQuerySet,
    RecordStep,
    ReportingQuarter,
    ReportingYear,
    Status,
    people_of,
)
from records.duties.models import Duty, DutyRule, QuarterStatement
from records.evidence.models import Attachment
from records.review.models import (
    Appeal,
    AppealOutcome,
    BatchState,
    Correction,
    CorrectionOutcome,
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
    "Correction",
    "CorrectionOutcome",
    "Duty",
    "DutyRule",
    "Outcome",
    "QuarterStatement",
    "Record",
    "RecordManager",
    "RecordQuerySet",
    "RecordStep",
    "ReportingQuarter",
    "ReportingYear",
    "ReviewBatch",
    "ReviewBatchRow",
    "ReviewSettings",
    "SampleCheck",
    "SampleOutcome",
    "SampleSalt",
    "Status",
    "people_of",
]
