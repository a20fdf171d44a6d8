"""A kind's declaration as JSON: what a program must know to file records of it without reading Chinese forms."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext as _

from foundation.fields import choosable, field_of
from records.core.kinds import RecordKind, Rhythm
from records.core.lines import Lines
from records.core.models import LineReference
from records.core.several import SeveralChoices

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PERIOD_PATTERNS = {Rhythm.QUARTERLY: r"^20\d\d[Qq][1-4]$", Rhythm.ANNUAL: r"^20\d\d$"}


def _type_of(field: "models.Field[Any, Any]") -> dict[str, Any]:
    """JSON type and bounds of a model field. Numbers, dates and yes-no answers may be null: not reported.
    A reference is the code of a row of a list that offices edit."""
    if isinstance(field, LineReference):
        return {"type": ["string", "null"], "maxLength": field.target_field.max_length, "x-cites": field.cites}
    if isinstance(field, models.ForeignKey):
        return {"type": ["string", "null"], "maxLength": field.target_field.max_length}
    if isinstance(field, SeveralChoices):
        labels = {value: str(label) for value, label in field.flatchoices}
        one = {"type": "string", "enum": list(labels), "x-enum-labels": labels}
        return {"type": "array", "items": one, "uniqueItems": True}
    if isinstance(field, models.BooleanField):
        return {"type": ["boolean", "null"]}
    if isinstance(field, models.DateField):
        return {"type": ["string", "null"], "format": "date"}
    if isinstance(field, models.IntegerField):
        return {"type": ["integer", "null"], **_bounds(field)}
    if isinstance(field, models.DecimalField):
        return {"type": ["number", "null"], **_bounds(field)}
    if field.choices:
        choices = dict(field.flatchoices)
        values = [*choices, *([""] if field.blank else [])]
        return {
            "type": "string",
            "enum": values,
            "x-enum-labels": {value: str(label) for value, label in choices.items()},
        }
    text: dict[str, Any] = {"type": "string"}
    return {**text, "maxLength": field.max_length} if field.max_length else text


def _bounds(field: "models.Field[Any, Any]") -> dict[str, Any]:
    bounds: dict[str, Any] = {}
    for validator in field.validators:
        if not isinstance(validator, MinValueValidator | MaxValueValidator):
            continue
        limit = validator.limit_value() if callable(validator.limit_value) else validator.limit_value
        if isinstance(validator, MinValueValidator):
            bounds["minimum"] = max(limit, bounds.get("minimum", limit))
        else:
            bounds["maximum"] = min(limit, bounds.get("maximum", limit))
    if isinstance(
        field, models.PositiveIntegerField | models.PositiveSmallIntegerField | models.PositiveBigIntegerField
    ):
        bounds["minimum"] = max(0, bounds.get("minimum", 0))
    return bounds


def _property(field: "models.Field[Any, Any]") -> dict[str, Any]:
    described = {"title": str(field.verbose_name), **_type_of(field)}
    if field.help_text:
        described["description"] = str(field.help_text)
    return described


def writable_fields(kind: RecordKind) -> list[str]:
    """The kind's fields a program may write. The title of a return is made from its period."""
    return [name for name in kind.fields if not (kind.is_return and name == "title")]


def json_schema(kind: RecordKind, periods: list[tuple[str, str]] | None = None) -> dict[str, Any]:
    """JSON Schema of the kind's fields. ``required`` is what a hand-in needs; a draft may lack it.

    ``periods`` are the (period, label) open now; without them only the pattern is given.
    """
    properties: dict[str, Any] = {}
    if kind.is_return:
        properties["period"] = {
            "title": _("报告期"),
            "type": "string",
            "pattern": _PERIOD_PATTERNS[kind.rhythm],
            "description": _("不写则取第一个开放的报告期。"),
        }
        if periods is not None:
            properties["period"] |= {"enum": [code for code, _label in periods], "x-enum-labels": dict(periods)}
    for name in writable_fields(kind):
        properties[name] = _property(field_of(kind.model, name))
        if name in kind.shown_when:
            other, values = kind.shown_when[name]
            properties[name]["x-shown-when"] = {"field": other, "values": list(values)}
    for lines in kind.lines:
        properties[lines.name] = _rows(lines)
        if lines.name in kind.shown_when:
            other, values = kind.shown_when[lines.name]
            properties[lines.name]["x-shown-when"] = {"field": other, "values": list(values)}
    return {
        "$schema": DIALECT,
        "title": kind.label,
        "description": str(kind.purpose),
        "type": "object",
        "properties": properties,
        "required": needed_of(kind),
        "additionalProperties": False,
    }


def _rows(lines: Lines) -> dict[str, Any]:
    """The lines as a list of objects, in their order. What is sent replaces them all."""
    described: dict[str, Any] = {
        "title": str(lines.label),
        "type": "array",
        "maxItems": lines.most,
        "items": {
            "type": "object",
            "properties": {name: _property(field_of(lines.model, name)) for name in lines.fields},
            "required": list(lines.required),
            "additionalProperties": False,
        },
    }
    if lines.help:
        described["description"] = str(lines.help)
    if lines.at_least:
        described["minItems"] = lines.at_least
    if lines.unique:
        described["x-unique"] = list(lines.unique)
    return described


def needed_of(kind: RecordKind) -> list[str]:
    """What a hand-in cannot lack: fields, and lines of which there must be one."""
    return [*kind.required, *(lines.name for lines in kind.lines if lines.at_least)]


def body_schema(kind: RecordKind, base: dict[str, Any], required: list[str]) -> dict[str, Any]:
    """For the OpenAPI document: the body that creates (or changes) a record of the kind."""
    schema = json_schema(kind)
    return {
        "title": kind.label,
        "description": schema["description"],
        "type": "object",
        "properties": {**base, **schema["properties"]},
        "required": required,
        "additionalProperties": False,
    }


def _with_codes(kind: RecordKind, schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with the codes that references may name today, which only the database knows."""
    for name in writable_fields(kind):
        field = field_of(kind.model, name)
        if field.is_relation and not isinstance(field, LineReference):
            rows = choosable(field)
            labels = {row.pk: str(row) for row in rows.order_by("pk")}
            schema["properties"][name] |= {"enum": [*labels, None], "x-enum-labels": labels}
    for lines in kind.lines:
        cells = schema["properties"][lines.name]["items"]["properties"]
        for name in lines.fields:
            field = field_of(lines.model, name)
            if field.is_relation and not isinstance(field, LineReference):
                labels = {row.pk: str(row) for row in choosable(field).order_by("pk")}
                cells[name] |= {"enum": [*labels, None], "x-enum-labels": labels}
    return schema


def described(kind: RecordKind, periods: list[tuple[str, str]] | None) -> dict[str, Any]:
    """Everything about a kind, as ``/api/v1/kinds/`` answers it."""
    return {
        "kind": kind.slug,
        "label": kind.label,
        "rhythm": kind.rhythm.value,
        "area": kind.area,
        "purpose": str(kind.purpose),
        "clauses": list(kind.clauses),
        "required": needed_of(kind),
        "review_levels": list(kind.review_levels),
        "retired_on": kind.retired_on and kind.retired_on.isoformat(),
        "schema": _with_codes(kind, json_schema(kind, periods)),
        "facts": [
            {"code": fact.code, "label": str(fact.label), "unit": str(fact.unit), "nature": fact.nature.value}
            for fact in kind.facts
        ],
    }
