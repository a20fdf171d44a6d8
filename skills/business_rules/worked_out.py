"""What is worked out of returns and classes and shown beside them: nobody types it. The credit for integration of industry
and education is an estimate, for the tax return decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from foundation.ui.formats import amount, quantity
from records.core.models import Record
from records.core.warning_rules import SPEAKS
from skills.models import Fusion, Ladder, TrainingClass

#: A label and what stands there.
Row = tuple[str, str]


@dataclass(frozen=True)
class Credit:
    """万元: what former years carried into the year, what is taken off its surcharges, and what is carried on."""

    brought: Decimal
    taken: Decimal
    carried: Decimal


def credits_of(years: Iterable[tuple[int, Decimal, Decimal | None]]) -> dict[int, Credit | None]:
    """The credit of each year (its number, what its investment gives, its surcharges) in their order: what one cannot take
    is carried on to the next. From a year on whose surcharges nobody told, nothing is known."""
    found: dict[int, Credit | None] = {}
    brought: Decimal | None = Decimal(0)
    for year, given, surcharges in years:
        if brought is None or surcharges is None:
            found[year] = brought = None
            continue
        taken = min(brought + given, surcharges)
        found[year] = Credit(brought, taken, brought + given - taken)
        brought += given - taken
    return found


def _of_class(record: TrainingClass) -> list[Row]:
    hours = record.person_hours
    return [] if hours is None else [(_("培训人学时"), quantity(hours, _("人学时")))]


def _of_ladder(record: Ladder) -> list[Row]:
    people = _("人")
    rows = [
        (label, quantity(number, people))
        for label, number in (
            (_("技能人才（初级工及以上）"), record.skilled),
            (_("高技能人才（高级工及以上）"), record.highly_skilled),
        )
        if number is not None
    ]
    if record.skilled and record.highly_skilled is not None:
        share = Decimal(record.highly_skilled) * 100 / record.skilled
        rows.append((_("高技能人才占技能人才"), f"{amount(share, 1)}%"))
    return rows


def _of_fusion(record: Fusion) -> list[Row]:
    """One query, of the years before."""
    if record.credit is None or not record.period:
        return []
    rows = [(_("按投资额30%可抵免"), quantity(record.credit, _("万元"), 2))]
    rows_before: QuerySet[Any] = Fusion.objects.filter(
        enterprise_id=record.enterprise_id, status__in=SPEAKS, period__lt=record.period
    )
    earlier = rows_before.exclude(credit=None).order_by("period")
    told = [*earlier, record]
    own = credits_of((int(one.period or 0), one.credit or Decimal(0), one.surcharges) for one in told)[
        int(record.period)
    ]
    if own is not None:
        parts = (
            (_("上年结转"), own.brought),
            (_("当年可抵免"), own.taken),
            (_("结转以后年度"), own.carried),
        )
        rows += [(label, quantity(value, _("万元"), 2)) for label, value in parts]
    return rows


def worked_out_of(record: Record) -> tuple[list[Row], str]:
    """What is worked out of a record of the room, and where it comes from; nothing of others."""
    if isinstance(record, TrainingClass):
        return _of_class(record), _("参加人数乘以每人学时。")
    if isinstance(record, Ladder):
        return _of_ladder(record), _("由各等级人数合计。")
    if isinstance(record, Fusion):
        return _of_fusion(record), _("平台按财税〔2019〕46号估算，以纳税申报为准。")
    return [], ""
