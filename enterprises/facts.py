"""What is counted of the register itself, and what the change feed is told of it."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enterprises.history import day_of, register_on
from enterprises.models import Enterprise
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Counting, Fact, FactSource, Nature, SpeaksOf, register_source
from foundation.facts.feed import append_changes
from foundation.facts.models import Change

ENTERPRISES, PILOTS, PROFILES = "enterprises", "pilots", "profiles"
#: Whoever is in the register on the day the figures stand for has a zero where another fact of the register has nothing.
REGISTERED = "REG.enterprises"


def append_register_changes(enterprise_ids: Iterable[int], *, source: str = ENTERPRISES) -> None:
    """These entries changed, in whatever open quarter that shows. Call inside the transaction of the change."""
    append_changes(Change(source=source, place_id=pk) for pk in enterprise_ids)


class RegisterSource(FactSource):
    """Facts of the register: each counts the enterprises, or sums a column, that one condition singles out."""

    def conditions(self, quarter: Quarter) -> dict[str, tuple[Q, str]]:
        """For each fact the enterprises behind it, and the column that is summed ("" counts them)."""
        raise NotImplementedError

    def base(self, quarter: Quarter) -> models.QuerySet[Enterprise]:
        """The enterprises that may have a value."""
        return register_on(day_of(quarter))

    def count(self, quarter: Quarter) -> Iterable[Counting]:
        found = {
            f"value_{number}": Case(When(condition, then=F(column) if column else Value(1)))
            for number, (condition, column) in enumerate(self.conditions(quarter).values())
        }
        rows = self.base(quarter).annotate(**found).values("pk", "county_then", *found)
        values = {fact.code: (f"value_{number}", "") for number, fact in enumerate(self.facts)}
        yield Counting(rows, "pk", "county_then", values)

    def evidence(self, fact: Fact, quarter: Quarter) -> models.QuerySet[Enterprise]:
        condition, _column = self.conditions(quarter)[fact.code]
        return self.base(quarter).filter(condition)

    def url(self, fact: str, *, region: str, quarter: str) -> str:
        return f"{reverse('enterprises:list')}?{urlencode({'fact': fact, 'region': region, 'quarter': quarter})}"


class EnterpriseFacts(RegisterSource):
    code = ENTERPRISES
    order = 20
    facts = (
        Fact(REGISTERED, _("在册企业"), _("家"), Nature.STOCK, speaks_of=SpeaksOf.REGISTER, extent=1),
        Fact(
            "REG.party_orgs",
            _("已建党组织企业"),
            _("家"),
            Nature.STOCK,
            zero_with=REGISTERED,
            speaks_of=SpeaksOf.REGISTER,
        ),
        Fact("REG.unions", _("已建工会企业"), _("家"), Nature.STOCK, zero_with=REGISTERED, speaks_of=SpeaksOf.REGISTER),
        Fact(
            "REG.instructors",
            _("指导员、联络员、观察员配齐的企业"),
            _("家"),
            Nature.STOCK,
            zero_with=REGISTERED,
            speaks_of=SpeaksOf.REGISTER,
        ),
    )

    def conditions(self, quarter: Quarter) -> dict[str, tuple[Q, str]]:
        all_three = ~Q(instructor="") & ~Q(liaison="") & ~Q(observer="")
        return {
            REGISTERED: (Q(pk__isnull=False), ""),
            "REG.party_orgs": (Q(has_party_organisation=True), ""),
            "REG.unions": (Q(has_union=True), ""),
            "REG.instructors": (all_three, ""),
        }

    def of_today(self, fact: Fact) -> str:
        return "" if fact.code == REGISTERED else gettext("名录不保留党组织、工会和三员配备的历史，这些按现在登记的。")


register_source(EnterpriseFacts())
