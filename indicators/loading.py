"""The indicators of the reform's catalogue that the present facts can answer. Once loaded they are the province's."""

from decimal import Decimal

from django.db import transaction

from foundation.calendar.periods import Quarter
from indicators.catalogue import shipped
from indicators.models import Indicator
from records.models import ReportingQuarter

#: The first quarter measured: the policy document of 2022 was issued in its third.
SINCE = "2022Q3"


def _since() -> str:
    """From when what is added measures: a quarter that is closed gets no new figures."""
    closed = ReportingQuarter.objects.filter(is_open=False).order_by("-code").values_list("code", flat=True).first()
    return SINCE if closed is None else Quarter.parse(closed).next().code


@transaction.atomic
def load_indicators() -> int:
    """Add the indicators that are missing. What the province has revised or retired stays. Returns how many were added."""
    have = set(Indicator.objects.values_list("code", flat=True))
    since = _since()
    added = [
        Indicator(
            code=row["code"],
            name=row["name"],
            area=row["area"],
            unit=row["unit"],
            direction=row["direction"],
            period=row["period"],
            numerator=row["numerator"].split(),
            denominator=row["denominator"].split(),
            scale=Decimal(row["scale"]),
            target=Decimal(row["target"]) if row["target"] else None,
            source=row["source"],
            note=row["note"],
            order=position * 10,
            valid_from=since,
        )
        for position, row in enumerate(shipped(), start=1)
        if row["code"] not in have
    ]
    for indicator in added:
        indicator.full_clean(validate_constraints=False)
    Indicator.objects.bulk_create(added)
    return len(added)
