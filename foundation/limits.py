"""Numbers no enterprise can mean. Unchecked, one slip of the finger makes a sum that no database can hold."""

from django.db import models
from django.utils.translation import gettext as _

LARGEST_COUNT = 99_999_999


def too_large(row: models.Model) -> dict[str, str]:
    """{field: message} for the whole numbers of a row that are beyond ``LARGEST_COUNT``. For its ``clean()``."""
    problems: dict[str, str] = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if not isinstance(field, models.PositiveIntegerField) or not isinstance(value, int) or value <= LARGEST_COUNT:
            continue
        problems[field.name] = _("“%(field)s”填了 %(value)d，超过了 %(limit)d。请核对是否多打了数字。") % {
            "field": field.verbose_name,
            "value": value,
            "limit": LARGEST_COUNT,
        }
    return problems
