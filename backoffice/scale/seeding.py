"""Seeding: what is asked for is written by sets on PostgreSQL, by the bulk actions elsewhere, and then counted."""

from collections.abc import Callable

from django.db import connection

from backoffice.scale.by_actions import seed_by_actions
from backoffice.scale.by_sets import seed_by_sets, tidy
from backoffice.scale.people import make_officers
from enterprises.models import Enterprise, Industry
from foundation.calendar.periods import Quarter
from foundation.facts.models import Change, FeedCursor
from foundation.places.models import Place
from foundation.refusals import Refused
from indicators.fill import READER, fill, open_reporting_quarters
from records.duties.actions import ensure_quarter
from records.models import ReportingQuarter

ORIGIN = "测量数据"
SEED = 7

Report = Callable[[str], None]


def _open_quarters(count: int) -> list[Quarter]:
    """Those of the last ``count`` quarters that are open; missing ones are made."""
    wanted = Quarter.current().trailing(count)
    for quarter in wanted:
        ensure_quarter(quarter)
    is_open = dict(ReportingQuarter.objects.values_list("code", "is_open"))
    return [quarter for quarter in wanted if is_open[quarter.code]]


def count_all(say: Report) -> None:
    """Count every open quarter, and let counting go on after what the feed holds now: it need not follow the seed row by
    row."""
    last = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for quarter in open_reporting_quarters():
        fill(quarter)
        say(f"figures: {quarter}")
    FeedCursor.objects.update_or_create(reader=READER, defaults={"position": last, "gaps": []})


def seed_scale(*, enterprises: int, records: int, quarters: int, say: Report, fills: bool = True) -> None:
    """Add that many enterprises and that many records over the open ones of the last quarters, and fill the figures
    (``fills``: a benchmark of the filling does that itself).

    May be run again to add more. Raises ``Refused``."""
    if not Place.objects.counties().exists() or not Industry.objects.exists():
        raise Refused("the reference data is missing: run manage.py load_reference_data first")
    make_officers()
    into = _open_quarters(quarters)
    if records and not (into and (enterprises or Enterprise.objects.active().exists())):
        raise Refused("records need enterprises and an open quarter: ask for --enterprises, or reopen a quarter")
    by_sets = connection.vendor == "postgresql"
    write = seed_by_sets if by_sets else seed_by_actions
    # A second seed must not draw the same lots as the first.
    seed = SEED + Enterprise.objects.count() % 900
    write(enterprises=enterprises, records=records, quarters=into, origin=ORIGIN, seed=seed, say=say)
    if by_sets:
        tidy()
    if fills:
        count_all(say)
        if by_sets:
            tidy()
