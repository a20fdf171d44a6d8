"""What a line of the access table says, and the arguments its lines are made of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from stdnum.cn import uscc

from foundation.access.models import Grant
from foundation.accounts.lockout import FREE_TRIES, begin_try
from foundation.accounts.models import ApiToken
from foundation.calendar.periods import Quarter
from policies.models import ClausePoint, Document, Edition, EditionState
from records.models import UndecidedItem
from tests.contracts.world import LECTURE, World, people_workbook, values_for
from tests.policies.entered import TEXT, VALUES, word_file

NOW = Quarter.current().code
#: Who is the same as whom, one place further.
NEIGHBOURS = {
    "neighbour": "clerk",
    "neighbour_county": "county",
    "neighbour_city": "city",
    "neighbour_admin": "admin",
}
ROLES = ("clerk", "lead", "county", "city", "province", "auditor", "admin")

ENTERPRISE = "clerk lead"
OFFICES = "county city province"
READERS = f"{ENTERPRISE} {OFFICES} auditor"
EVERYBODY = " ".join(ROLES)


@dataclass(frozen=True)
class Case:
    """One way to ask for one address, and who may.

    ``told``: sees the object, may not do this, and gets the page back with the reason (status ``told_status``).
    ``stranger``: what neighbours get; 200 where the place is chosen in a form, which then says why not.
    ``own``: an address everybody uses for their own place, so a neighbour is simply allowed as their colleague is.
    ``writes``: whoever may leaves at least one line in the audit log.
    """

    route: str
    may: str
    method: str = "GET"
    args: Callable[[World], list] = field(default=lambda world: [])
    data: Callable[[World], Any] = field(default=lambda world: {})
    query: Callable[[World], str] = field(default=lambda world: "")
    status: int = 200
    told: str = ""
    told_status: int = 302
    own: bool = False
    stranger: int = 404
    writes: bool = False
    note: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.route}{f' ({self.note})' if self.note else ''}"

    def expected(self, person: str) -> set[int]:
        """The statuses this person may get."""
        role = NEIGHBOURS.get(person, person)
        is_api = self.route.startswith("api:")
        if person == "anonymous":
            public = "anonymous" in self.may.split()
            return {self.status} if public else {401} if is_api and self.route != "api:docs" else {302}
        if role != person and not self.own:
            return {self.stranger} if role in f"{self.may} {self.told}".split() else {403, 404}
        if role in self.may.split():
            return {self.status}
        return {self.told_status} if role in self.told.split() else {403, 404}

    def is_allowed(self, person: str) -> bool:
        return NEIGHBOURS.get(person, person) in self.may.split() and (person not in NEIGHBOURS or self.own)


def undecided(_world: World) -> list:
    """Whether wages are collected."""
    found = UndecidedItem.objects.filter(kind="rights.pay", field="").first()
    return [found.pk if found else 1]


def one(name: str) -> Callable[[World], list]:
    """The number of one object of the world as the only argument."""
    return lambda world: [getattr(world, name).pk]


def version_of(name: str, **more: Any) -> Callable[[World], dict]:
    return lambda world: {"version": getattr(world, name).version, **more}


def form_of(name: str) -> Callable[[World], dict]:
    """What the form of a saved record sends."""
    return lambda world: {
        **values_for(LECTURE, world.cast.enterprise, title="改过的标题"),
        "version": getattr(world, name).version,
        "do": "draft",
    }


def of_enterprise(world: World) -> str:
    return f"enterprise={world.cast.enterprise.credit_code}"


def enterprise_form(world: World) -> dict:
    enterprise = world.cast.enterprise
    names = ("name", "credit_code", "industry_id", "ownership", "size", "pilot_tier", "headcount", "frontline_count")
    values = {name.removesuffix("_id"): getattr(enterprise, name) for name in names}
    return {**values, "headcount": 222, "version": enterprise.version}


#: Who may make which change of an enterprise.
CHANGES = {
    "move": "city province",
    "rename": f"lead {OFFICES}",
    "merge": OFFICES,
    "split": OFFICES,
    "close": OFFICES,
    "reopen": OFFICES,
}


def one_enterprise(world: World) -> list:
    return [world.cast.enterprise.pk]


def change_form(world: World) -> dict:
    """Whatever any of the changes asks for."""
    return {
        **new_enterprise_form(world),
        "county": world.cast.places["320106"].pk,
        "successor": world.cast.second_enterprise.credit_code,
        "reason": "营业执照已变更。",
        "on": "2026-01-05",
        "do": "look",
    }


def new_enterprise_form(world: World) -> dict:
    code = "91320115000000009"
    county = world.cast.places["320115"].pk
    return {
        **enterprise_form(world),
        "name": "江宁新示例公司",
        "credit_code": code + uscc.calc_check_digit(code),
        "county": county,
    }


def clerk_id(world: World) -> list:
    return [world.people["clerk"].pk]


def clerks_token(world: World) -> list:
    """The number of a token of the clerk."""
    token, _is_new = ApiToken.objects.get_or_create(user=world.people["clerk"], name="夜间同步", digest="0" * 64)
    return [token.pk]


def clerk_and_token(world: World) -> list:
    return [*clerk_id(world), *clerks_token(world)]


def locked_clerk_id(world: World) -> list:
    """The clerk, who mistyped the password often enough."""
    for _ in range(FREE_TRIES):
        begin_try(world.cast.clerk.username, "203.0.113.7")
    return clerk_id(world)


def people_file(world: World) -> dict:
    """A workbook with one new person for the enterprise of the world."""
    return {"file": people_workbook([("新人", "", "企业经办员", world.cast.enterprise.credit_code, "")])}


def notice_form(world: World) -> dict:
    """A draft without questions; each office's own place is its issuer."""
    return {
        "title": "走查用的通知",
        "text": "请查收。",
        "levels": ["enterprise"],
        "do": "draft",
        "form_token": "7e0f7a52-29a6-4c5e-9a57-0e35b1a4a003",
        "questions-TOTAL_FORMS": "0",
        "questions-INITIAL_FORMS": "0",
    }


def policy_form(world: World) -> dict:
    """A new document, pasted."""
    return {**VALUES, "text": TEXT}


def points_form(world: World) -> dict:
    """Of the draft's four clauses the first asks for nothing."""
    sent = {"version": world.policy_draft.version}
    for number in range(world.policy_draft.clauses.count()):
        sent |= {f"asks-{number}": "asks" if number else "general", f"points-{number}": "要办的事"}
    return sent


def links_form(world: World) -> dict:
    point = ClausePoint.objects.filter(clause__part__document=world.policy).first()
    assert point is not None
    return {f"add-{point.pk}": "ideology.lecture", "remove": "0"}


def discarded_policy(world: World) -> list:
    """The draft, deleted without a line in the log."""
    Edition.objects.filter(pk=world.policy_draft.pk).update(state=EditionState.DISCARDED)
    return [world.policy_draft.pk]


def policy_file(world: World) -> list:
    """The draft, as if it had been read from a Word file."""
    draft = world.policy_draft
    draft.file_name = "意见.docx"
    draft.file.save(draft.file_name, word_file("一、目标"))
    return [draft.pk]


def retired_policy(world: World) -> list:
    """The document, retired without a line in the log."""
    retired = {"retired_on": timezone.localdate(), "retired_reason": "已由新文件代替"}
    Document.objects.filter(pk=world.policy.pk).update(**retired)
    return [world.policy.pk]


def substitute_form(world: World) -> dict:
    """The lead for the clerk, for today."""
    people, today = world.people, timezone.localdate()
    held = people["clerk"].grants.get().pk
    return {"held": held, "substitute": people["lead"].pk, "first_day": today, "last_day": today}


def substitute_id(world: World) -> list:
    """Somebody stands in for the county's officer."""
    held, today = world.people["county"].grants.get(), timezone.localdate()
    given = Grant.objects.create(
        user=world.people["county_colleague"],
        role=held.role,
        place=held.place,
        standing_in_for=held.user,
        valid_from=today,
        valid_until=today,
    )
    return [given.pk]


def indicator_form(world: World) -> dict:
    """What the form of a new indicator, or of a new version of one, sends."""
    return {
        "code": "Z01",
        "name": "示例指标",
        "area": "思想引领",
        "unit": "场",
        "direction": "up",
        "period": "quarter",
        "added": ["B01.sessions"],
        "scale": "1",
        "source": "示例",
        "order": "1",
        "valid_from": NOW,
    }


def of_d02(world: World) -> str:
    return "indicator=D02"


def target_cell(code: str) -> Callable[[World], dict]:
    """A target typed into the table, for the place of this code."""
    return lambda world: {f"t-{world.cast.places[code].pk}-D02": "40"}
