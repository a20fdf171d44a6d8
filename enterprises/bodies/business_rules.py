"""What the law asks of employees' seats on boards: shown beside the body, never refused. What happened is written as it is."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _

from enterprises.models import Body, BodyKind, Enterprise, YearlyProfile
from foundation.saying import filled

#: From so many employees on a board of directors has an employee director.
_MANY = 300
#: A board of supervisors has at least so many members; with fewer there is none.
_LEAST_SUPERVISORS = 3


@dataclass(frozen=True)
class Finding:
    """What a rule says of a body: a breach, or (``is_unstated``) that what it has to know is not said."""

    message: str
    citation: str
    is_unstated: bool = False


class SeatRule:
    """A rule of law on board seats; its docstring is the rule in words."""

    citation: ClassVar[str]
    effective_from = datetime.date(2024, 7, 1)

    def check(self, body: Body, headcount: int | None) -> Iterator[Finding]:
        raise NotImplementedError


class EmployeeDirector(SeatRule):
    """职工三百人以上的公司，除依法设监事会并有职工监事的外，董事会成员中应当有职工董事。"""

    citation = "《中华人民共和国公司法》（2023年修订）第68条、第69条"

    def check(self, body: Body, headcount: int | None) -> Iterator[Finding]:
        # An audit committee stands in the place of a board of supervisors: then no employee supervisor stands in for
        # the director.
        supervisors = 0 if body.has_audit_committee and not body.supervisory_seats else body.employee_supervisors
        if supervisors or body.employee_directors or (headcount is not None and headcount < _MANY):
            return
        if headcount is None:
            yield Finding(_("职工人数未填，判断不了是否应当设职工董事。请在企业信息中填写。"), self.citation, True)
        elif body.employee_directors is None or supervisors is None:
            text = _("职工 %d 人，但职工董事或职工监事人数未填，判断不了是否符合规定。没有的请填 0。")
            yield Finding(filled(text, headcount), self.citation, True)
        else:
            text = _("职工 %d 人，监事会没有职工监事，董事会也没有职工董事。请推动依法选举职工董事。")
            yield Finding(filled(text, headcount), self.citation)


class EmployeeSupervisors(SeatRule):
    """监事会成员中职工代表的比例不得低于三分之一。"""

    citation = "《中华人民共和国公司法》（2023年修订）第76条"

    def check(self, body: Body, headcount: int | None) -> Iterator[Finding]:
        seats, held = body.supervisory_seats, body.employee_supervisors
        if seats is None or seats < _LEAST_SUPERVISORS:
            return
        if held is None:
            yield Finding(_("监事会已设，但职工监事人数未填。没有的请填 0。"), self.citation, True)
        elif held * 3 < seats:
            text = _("监事会 %(seats)d 席中职工监事 %(held)d 人，不足三分之一，还差 %(missing)d 人。请推动补选。")
            yield Finding(filled(text, {"seats": seats, "held": held, "missing": -(-seats // 3) - held}), self.citation)


RULES: tuple[type[SeatRule], ...] = (EmployeeDirector, EmployeeSupervisors)


def headcount_of(enterprise: Enterprise) -> int | None:
    """As the newest yearly profile that says it has it, else as the entry has it."""
    profiles = YearlyProfile.objects.filter(enterprise=enterprise, headcount__isnull=False).order_by("-year")
    said: int | None = profiles.values_list("headcount", flat=True).first()
    return enterprise.headcount if said is None else said


def findings_of(body: Body, day: datetime.date) -> list[Finding]:
    """What the rules in force that day find of a body that still stands."""
    if body.kind != BodyKind.BOARD or body.enterprise is None or body.dissolved_on is not None:
        return []
    headcount = headcount_of(body.enterprise)
    return [found for rule in RULES if day >= rule.effective_from for found in rule().check(body, headcount)]
