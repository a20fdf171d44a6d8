"""The record, its history and the reporting quarters."""

from records.core.models.breach import Breach
from records.core.models.cited import CitedLine, LineReference, Standing, line_reference, references_of
from records.core.models.history import RecordStep
from records.core.models.line import LineOf, RecordLine, read_lines, write_lines
from records.core.models.listed import Among, ListedName, NamedRow, listed_name, listed_names
from records.core.models.period import ReportingQuarter, ReportingYear
from records.core.models.record import (
    EDITABLE,
    HANDED_IN,
    HIGH_RISK,
    REPORTED_ATTENDANCES,
    TO_SAMPLE,
    Record,
    RecordManager,
    RecordQuerySet,
    Status,
    people_of,
)
from records.core.models.undecided import UndecidedItem

__all__ = [
    "EDITABLE",
    "HANDED_IN",
    "HIGH_RISK",
    "REPORTED_ATTENDANCES",
    "TO_SAMPLE",
    "Among",
    "Breach",
    "CitedLine",
    "LineOf",
    "LineReference",
    "ListedName",
    "NamedRow",
    "Record",
    "RecordLine",
    "RecordManager",
    "RecordQuerySet",
    "RecordStep",
    "ReportingQuarter",
    "ReportingYear",
    "Standing",
    "Status",
    "UndecidedItem",
    "line_reference",
    "listed_name",
    "listed_names",
    "people_of",
    "read_lines",
    "references_of",
    "write_lines",
]
