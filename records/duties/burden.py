"""What the returns that are owed ask of an enterprise: how many, how many fields, how many minutes.

Minutes are estimated by a stated rule (``SECONDS``), the same for every return, so that two sets of rules can be compared
and a further return is weighed before it is asked of anybody. They are no measurement of a person.
"""

import functools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Enterprise, Ownership, PilotTier, Size
from foundation.fields import field_of
from foundation.labels import Label
from foundation.refusals import Question
from foundation.saying import filled
from records.core.kinds import RecordKind, Rhythm, all_decided, kind_by_slug
from records.duties.models import DutyRule

#: Seconds to open a return, and to fill a field of each sort; a proposal. Evidence is optional and not counted.
OPENING = 20
SECONDS = {
    "yes_no": 5,
    "choice": 6,
    "reference": 10,
    "date": 12,
    "address": 15,
    "line": 20,
    "number": 25,
    "row": 40,
    "money": 40,
    "text": 90,
}
SORTS: dict[str, Label] = {
    "yes_no": gettext_lazy("是否"),
    "choice": gettext_lazy("选择"),
    "reference": gettext_lazy("从名单选"),
    "date": gettext_lazy("日期"),
    "address": gettext_lazy("网址"),
    "line": gettext_lazy("一行文字"),
    "number": gettext_lazy("数字"),
    "row": gettext_lazy("一行明细"),
    "money": gettext_lazy("金额"),
    "text": gettext_lazy("一段文字"),
}
#: A pilot's quarter beyond this is asked about before a rule is made.
MOST_MINUTES = 30


@dataclass(frozen=True)
class Profile:
    """An enterprise to weigh rules by, made up of what rules look at."""

    label: Label
    tier: str
    ownership: str
    size: str
    industry: str
    headcount: int
    has_party_organisation: bool
    in_chain: bool = False
    leads_chain: bool = False

    def owes(self, rule: DutyRule) -> bool:
        """Whether the rule asks anything of such an enterprise, which has answered every question of the year with yes: what
        it asks at most (``records.duties.actions.owing`` asks the same of the register)."""
        listed = (
            (rule.tiers, self.tier),
            (rule.ownerships, self.ownership),
            (rule.sizes, self.size),
            (rule.industries, self.industry),
        )
        return (
            all(not values or value in values for values, value in listed)
            and (rule.headcount_from is None or self.headcount >= rule.headcount_from)
            and (rule.headcount_to is None or self.headcount <= rule.headcount_to)
            and rule.in_chain in (None, self.in_chain)
            and (not rule.leads_chain or self.leads_chain)
            and rule.has_party_organisation in (None, self.has_party_organisation)
        )

    def as_enterprise(self) -> Enterprise:
        """Such an enterprise, in memory only: for what a kind asks because of what somebody is."""
        return Enterprise(
            ownership=self.ownership,
            size=self.size,
            pilot_tier=self.tier,
            headcount=self.headcount,
            industry_id=self.industry,
            has_party_organisation=self.has_party_organisation,
        )


PILOT = Profile(
    gettext_lazy("试点企业（省级试点，民营，制造业，500 人）"),
    PilotTier.PROVINCIAL,
    Ownership.PRIVATE,
    Size.LARGE,
    "C",
    500,
    has_party_organisation=True,
)
PROFILES = (
    PILOT,
    Profile(
        gettext_lazy("民营企业（非试点，制造业，200 人）"),
        PilotTier.NONE,
        Ownership.PRIVATE,
        Size.SMALL,
        "C",
        200,
        has_party_organisation=False,
    ),
    Profile(
        gettext_lazy("国有企业（非试点，制造业，3,000 人）"),
        PilotTier.NONE,
        Ownership.STATE,
        Size.LARGE,
        "C",
        3000,
        has_party_organisation=True,
    ),
)


def sort_of(kind: RecordKind, name: str) -> str:
    """Which sort of work a field is (``SECONDS``)."""
    field = field_of(kind.model, name)
    if isinstance(field, models.BooleanField):
        return "yes_no"
    if field.choices:
        return "choice"
    if field.is_relation:
        return "reference"
    for of, sort in (
        (models.DateField, "date"),
        (models.URLField, "address"),
        (models.DecimalField, "money"),
        (models.IntegerField, "number"),
        (models.TextField, "text"),
    ):
        if isinstance(field, of):
            return sort
    return "line"


@dataclass(frozen=True)
class Weight:
    """What one filing of a kind asks: ``fields`` that must be filled, ``further`` that may be, ``conditional`` that are
    asked only when another says so, ``shown`` that the portal knows and nobody types. ``seconds`` are of everything but
    the conditional ones."""

    fields: int
    further: int
    conditional: int
    shown: int
    seconds: int


@functools.cache
def weight_of(kind: RecordKind, left_out: tuple[str, ...] = ()) -> Weight:
    """``left_out``: what some enterprise is not asked (``RecordKind.left_out``)."""
    asked = [name for name in kind.fields if name not in left_out and not (kind.is_return and name == "title")]
    always = [name for name in asked if name not in kind.shown_when]
    required = [name for name in always if name in kind.required]
    seconds = OPENING + sum(SECONDS[sort_of(kind, name)] for name in always)
    lines = [one for one in kind.lines if one.name not in kind.shown_when]
    return Weight(
        len(required),
        len(always) - len(required) + len(lines),
        len(asked) - len(always),
        sum(1 for one in kind.shown if not one.of_offices),
        seconds + SECONDS["row"] * len(lines),
    )


@dataclass(frozen=True)
class Line:
    """One kind that the profile owes, and how often a year."""

    kind: RecordKind
    weight: Weight
    times: int


@dataclass(frozen=True)
class Burden:
    """What a profile owes by a set of rules."""

    profile: Profile
    lines: Sequence[Line]

    def _of(self, rhythms: Collection[Rhythm]) -> list[Line]:
        return [line for line in self.lines if line.kind.rhythm in rhythms]

    @property
    def quarterly(self) -> list[Line]:
        return self._of([Rhythm.QUARTERLY])

    @property
    def yearly(self) -> list[Line]:
        """Returns of a year, and events that are owed once a year."""
        return self._of([Rhythm.ANNUAL, Rhythm.EVENT])

    @property
    def quarter_minutes(self) -> Decimal:
        return minutes(line.weight.seconds for line in self.quarterly)

    @property
    def year_minutes(self) -> Decimal:
        return minutes(line.weight.seconds * line.times for line in self.lines)

    @property
    def quarter_fields(self) -> int:
        return sum(line.weight.fields for line in self.quarterly)

    @property
    def year_fields(self) -> int:
        return sum(line.weight.fields * line.times for line in self.lines)

    @property
    def year_returns(self) -> int:
        return sum(line.times for line in self.lines)

    @property
    def year_shown(self) -> int:
        return sum(line.weight.shown * line.times for line in self.lines)


def minutes(seconds: Iterable[int]) -> Decimal:
    return (Decimal(sum(seconds)) / 60).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def burden_of(profile: Profile, rules: Iterable[DutyRule]) -> Burden:
    """What these rules ask of the profile; a kind that several ask for is owed once."""
    slugs = sorted({rule.kind for rule in rules if profile.owes(rule)})
    kinds = [kind_by_slug(slug) for slug in slugs]
    enterprise, decided = profile.as_enterprise(), all_decided()
    lines = [
        Line(kind, weight_of(kind, kind.left_out(enterprise, decided)), 4 if kind.rhythm is Rhythm.QUARTERLY else 1)
        for kind in kinds
    ]
    return Burden(profile, lines)


def active_rules() -> list[DutyRule]:
    return list(DutyRule.objects.filter(is_active=True).exclude(kind=""))


@dataclass(frozen=True)
class Added:
    """What a rule adds for the profiles it asks."""

    questions: Sequence[Question]
    is_too_much: bool


def added_by(rule: DutyRule) -> Added:
    """What the rule, not saved yet, adds to what is owed without it, as questions for whoever makes it. A rule that adds
    nothing (switched off, or asking what is owed anyhow) is not asked about."""
    if not rule.is_active:
        return Added((), is_too_much=False)
    others = [other for other in active_rules() if other.pk != rule.pk]
    questions, is_too_much = [], False
    for profile in PROFILES:
        before, after = burden_of(profile, others), burden_of(profile, [*others, rule])
        if len(after.lines) == len(before.lines):
            continue
        message = _(
            "%(who)s：每季度 %(quarter_before)s → %(quarter)s 分钟，全年 %(year_before)s → %(year)s 分钟（必填 %(fields_before)d → %(fields)d 项）。"
        )
        words = filled(
            message,
            {
                "who": profile.label,
                "quarter_before": before.quarter_minutes,
                "quarter": after.quarter_minutes,
                "year_before": before.year_minutes,
                "year": after.year_minutes,
                "fields_before": before.year_fields,
                "fields": after.year_fields,
            },
        )
        if profile is PILOT and before.quarter_minutes <= MOST_MINUTES < after.quarter_minutes:
            is_too_much = True
            words += _("试点企业每季度超过 %d 分钟，请写明必须增加的原因。") % MOST_MINUTES
        questions.append(Question("burden", "", words))
    return Added(questions, is_too_much)
