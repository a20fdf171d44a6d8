"""What is counted of bodies: a region's at the region, an enterprise's at the enterprise, in the county where it then lay."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Sum, Value, When
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enterprises.bodies.actions import BODIES
from enterprises.facts import ENTERPRISES
from enterprises.history import county_on, day_of, registered_on
from enterprises.models import Body, BodyKind, BodyMeeting
from foundation.calendar.periods import Quarter
from foundation.calendar.spans import holds_on
from foundation.facts.declaring import Amounts, Counting, Fact, FactSource, Nature, register_source

#: What is counted of the bodies that stand: which kind, and the column that is summed ("": the bodies themselves).
_STANDING: dict[str, tuple[str, str]] = {
    "A17.bodies": (BodyKind.JOINT, ""),
    "G12.bodies": (BodyKind.FIVE, ""),
    "G13.associations": (BodyKind.ASSOCIATION, ""),
    "G13.members": (BodyKind.ASSOCIATION, "member_count"),
    "C16.bodies": (BodyKind.INNOVATION, ""),
    "F05.directors": (BodyKind.BOARD, "employee_directors"),
    "F05.board": (BodyKind.BOARD, "board_seats"),
    "F05.supervisors": (BodyKind.BOARD, "employee_supervisors"),
    "F05.supervisory_board": (BodyKind.BOARD, "supervisory_seats"),
    "F05.committee": (BodyKind.BOARD, "has_audit_committee"),
}
#: Of which kind the meetings of the quarter are counted.
_MEETINGS: dict[str, str] = {
    "A17.meetings": BodyKind.JOINT,
    "F22.meetings": BodyKind.OPENNESS,
    "G10.council_meetings": BodyKind.EXPRESS,
    "G12.meetings": BodyKind.FIVE,
}
_COMMITTEE = "has_audit_committee"


def _gave(column: str) -> models.expressions.Combinable:
    """What one body gives: itself, a number that was said, or a yes (1) or no (0) that was said."""
    if not column:
        return Value(1)
    if column == _COMMITTEE:
        return Case(When(has_audit_committee=True, then=1), When(has_audit_committee=False, then=0))
    return F(column)


def standing_on(quarter: Quarter) -> models.QuerySet[Any, Any]:
    """The bodies there were on the day the figures stand for, with ``county_then`` of those of enterprises. What nobody
    dated has always been there."""
    day = day_of(quarter)
    there = holds_on(day, "founded_on", "dissolved_on")
    registered = registered_on(day, enterprise="enterprise", is_active="enterprise__is_active")
    then = county_on(day, enterprise="enterprise_id", county="enterprise__county_id")
    known = Body.objects.filter(there).filter(Q(enterprise__isnull=True) | registered)
    return known.annotate(county_then=then).order_by()


def _held_in(quarter: Quarter, meeting: str = "") -> Q:
    """Of meetings, or with ``meeting`` of what leads to them: those of the quarter."""
    return Q(**{f"{meeting}held_on__range": (quarter.first_day, quarter.last_day)})


def _meetings_in(quarter: Quarter) -> models.QuerySet[BodyMeeting]:
    return BodyMeeting.objects.filter(_held_in(quarter)).order_by()


class BodyFacts(FactSource):
    """A place without a body of a kind has no value: nobody said that there is none. A sum has one where somebody said."""

    code = BODIES
    order = 24
    follows = (ENTERPRISES,)
    facts = (
        Fact("A17.bodies", _("产改联席会议及办公室"), _("个"), Nature.STOCK),
        Fact("A17.meetings", _("产改联席会议召开会议"), _("次")),
        Fact("C16.bodies", _("职工科技创新活动机构"), _("个"), Nature.STOCK),
        Fact("F05.board", _("董事会席位"), _("席"), Nature.HEADCOUNT),
        Fact("F05.directors", _("职工董事"), _("人"), Nature.HEADCOUNT),
        Fact("F05.supervisory_board", _("监事会席位"), _("席"), Nature.HEADCOUNT),
        Fact("F05.supervisors", _("职工监事"), _("人"), Nature.HEADCOUNT),
        Fact("F05.committee", _("设审计委员会的企业"), _("家"), Nature.STOCK),
        Fact("F22.meetings", _("厂务公开协调联动机制召开会议"), _("次")),
        Fact("G10.council_meetings", _("快递行业三方委员会召开会议"), _("次")),
        Fact("G12.bodies", _("“五位一体”劳动争议多元化解机制"), _("个"), Nature.STOCK),
        Fact("G12.meetings", _("“五位一体”化解机制召开会议"), _("次")),
        Fact("G13.associations", _("职工文体协会"), _("个"), Nature.STOCK),
        Fact("G13.members", _("职工文体协会会员"), _("人"), Nature.HEADCOUNT),
    )

    def count(self, quarter: Quarter) -> Iterable[Counting]:
        columns = {code: f"value_{number}" for number, code in enumerate(_STANDING)}
        sums = {
            columns[code]: Sum(Case(When(kind=kind, then=_gave(column)))) for code, (kind, column) in _STANDING.items()
        }
        values = {code: (column, "") for code, column in columns.items()}
        standing = standing_on(quarter)
        of_enterprises = standing.filter(enterprise__isnull=False).values("enterprise_id", "county_then")
        yield Counting(of_enterprises.annotate(**sums), "enterprise_id", "county_then", values)
        of_regions = standing.filter(enterprise__isnull=True).annotate(lies_in=F("place_id"))
        yield Counting(of_regions.values("place_id", "lies_in").annotate(**sums), "place_id", "lies_in", values)
        yield self._meetings(quarter)

    def _meetings(self, quarter: Quarter) -> Counting:
        """Only regions have bodies of these kinds."""
        columns = {code: f"value_{number}" for number, code in enumerate(_MEETINGS)}
        sums = {columns[code]: Sum(Case(When(body__kind=kind, then=1))) for code, kind in _MEETINGS.items()}
        found = _meetings_in(quarter).filter(body__enterprise__isnull=True, body__kind__in=_MEETINGS.values())
        rows = found.annotate(held_by=F("body__place_id"), lies_in=F("body__place_id")).values("held_by", "lies_in")
        values = {code: (column, "") for code, column in columns.items()}
        return Counting(rows.annotate(**sums), "held_by", "lies_in", values)

    def evidence(self, fact: Fact, quarter: Quarter) -> models.QuerySet[Body]:
        if fact.code in _MEETINGS:
            held = _meetings_in(quarter).filter(body=OuterRef("pk"))
            return Body.objects.filter(Exists(held), kind=_MEETINGS[fact.code], enterprise__isnull=True).order_by()
        kind, column = _STANDING[fact.code]
        said = Q(**{f"{column}__isnull": False}) if column else Q()
        return standing_on(quarter).filter(said, kind=kind)

    def of_today(self, fact: Fact) -> str:
        has_number = bool(_STANDING.get(fact.code, ("", ""))[1])
        return gettext("成立和撤销按日期；人数和席位不保留历史，按现在登记的。") if has_number else ""

    def amounts(self, fact: Fact, quarter: Quarter) -> list[Amounts]:
        rows = self.evidence(fact, quarter)
        if fact.code in _MEETINGS:
            given = Count("meetings", filter=_held_in(quarter, "meetings__"))
            return [Amounts(rows.annotate(gave=given), "pk", "gave")]
        return [Amounts(rows.annotate(gave=_gave(_STANDING[fact.code][1])), "pk", "gave")]

    def url(self, fact: str, *, region: str, quarter: str) -> str:
        return f"{reverse('enterprises:bodies')}?{urlencode({'fact': fact, 'region': region, 'quarter': quarter})}"


register_source(BodyFacts())
