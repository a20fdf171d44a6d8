"""Rules of what registers and duties tell: returns handed in on time, the three people of the reform, the union, and the
employees' seats on boards."""

import datetime
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.bodies.business_rules import EmployeeDirector, EmployeeSupervisors, SeatRule
from enterprises.models import Body, PilotTier
from foundation.labels import Label
from foundation.saying import filled
from indicators.compliance.declaring import (
    Case,
    ComplianceRule,
    Outcome,
    broken,
    compliance_rule,
    holds,
    not_applicable,
    not_stated,
)
from indicators.compliance.inputs import Board, Duties, Owed, Staff
from records.core.kinds import kind_by_slug

DUTIES, STAFF, BOARD = Duties(), Staff(), Board()


@compliance_rule
class ReturnsOnTime(ComplianceRule):
    """应报事项应在截止日期以前首次提交。"""

    code = "DUTY"
    citation = "省产改办在平台设定的应报规则和填报截止日期"
    reads = (DUTIES,)
    labels: ClassVar = {
        "due": gettext_lazy("应报事项"),
        "on_time": gettext_lazy("按期报送"),
        "late": gettext_lazy("迟报"),
        "overdue": gettext_lazy("逾期未报"),
        "pending": gettext_lazy("未到期"),
    }
    form = "duties"
    remedy = gettext_lazy("请尽快补报，并完成季度确认。")
    order = 10

    def judge(self, case: Case) -> Outcome:
        owed = case.of(DUTIES) or []
        if not owed:
            return not_applicable(_("本季度没有应报事项。"))
        late = [one for one in owed if one.done_on is not None and one.done_on > one.due]
        overdue = [one for one in owed if one.done_on is None and one.due < case.today]
        pending = [one for one in owed if one.done_on is None and one.due >= case.today]
        kept = {
            "due": len(owed),
            "on_time": len(owed) - len(late) - len(overdue) - len(pending),
            "late": len(late),
            "overdue": len(overdue),
            "pending": len(pending),
        }
        if overdue:
            message = _("逾期未报：%s。")
            return broken(message % _named(overdue), kept, cure=str(self.remedy))
        if late:
            message = _("迟报：%s。")
            cure = _("已经报送，不用再报；以后请在截止日期以前提交。")
            return broken(message % _named(late), kept, cure=cure)
        if pending:
            message = filled(_("还有 %d 项没有到截止日期。"), len(pending))
            return not_stated(message, kept, cure=_("请在截止日期以前报送。"), by=pending[0].due)
        return holds(kept)


def _named(owed: list[Owed]) -> str:
    return "、".join(kind_by_slug(one.kind).title_for(one.period) for one in owed)


@compliance_rule
class ThreeNamed(ComplianceRule):
    """试点企业应配备产改指导员、联络员、观察员。"""

    code = "A05"
    citation = "2022年实施意见；2025年方案解读（下）组织领导；“一企一指导员”的口径待核定"
    valid_from = datetime.date(2022, 8, 15)
    labels: ClassVar = {
        "instructor": gettext_lazy("产改指导员"),
        "liaison": gettext_lazy("产改联络员"),
        "observer": gettext_lazy("产改观察员"),
    }
    form = "register"
    remedy = gettext_lazy("请配备缺少的人员，并在企业信息中填写姓名。")
    order = 20

    def judge(self, case: Case) -> Outcome:
        # Whether somebody is named, not who: names stand in the register only.
        named = {name: bool(getattr(case.enterprise, name).strip()) for name in self.labels}
        if case.tier == PilotTier.NONE:
            return not_applicable(_("不是试点企业。"), named)
        if all(named.values()):
            return holds(named)
        missing = "、".join(str(self.labels[name]) for name, is_named in named.items() if not is_named)
        cure = _("请配备%s，并在企业信息中填写姓名。") % missing
        if any(named.values()):
            return broken(_("企业信息中没有%s。") % missing, named, cure=cure)
        message = _("企业信息中三员都没有填，不知道是否已经配备。")
        return not_stated(message, named, cure=_("已经配备的请在企业信息中填写姓名；还没有的请配备。"))


#: From so many union members on an enterprise has a union committee of its own.
_MEMBERS = 25


@compliance_rule
class UnionCommittee(ComplianceRule):
    """有工会会员二十五人以上的，应当建立基层工会委员会。"""

    code = "R18"
    citation = "《中华人民共和国工会法》（2021年修正）第11条"
    valid_from = datetime.date(2022, 1, 1)
    reads = (STAFF,)
    labels: ClassVar = {
        "union_members": gettext_lazy("工会会员人数"),
        "has_union": gettext_lazy("已建立工会组织"),
        "year": gettext_lazy("所据年度基本情况"),
    }
    form = "profile"
    remedy = gettext_lazy("请依法建立基层工会委员会，并更正企业信息；名录有误的请先更正。")
    order = 30

    def judge(self, case: Case) -> Outcome:
        staff = case.of(STAFF)
        has_union = case.enterprise.has_union
        if staff is None or staff.union_members is None:
            if has_union:
                return holds({"has_union": True})
            message = _("年度基本情况没有填工会会员人数，不知道是否应当建立基层工会委员会。")
            return not_stated(
                message, {"has_union": False}, cure=_("请在年度基本情况中填写工会会员人数，没有建立工会的填 0。")
            )
        kept = {"union_members": staff.union_members, "has_union": has_union, "year": staff.year}
        if has_union:
            return holds(kept)
        if staff.union_members < _MEMBERS:
            message = filled(_("工会会员 %d 人，不足二十五人，可以单独或者联合建立。"), staff.union_members)
            return not_applicable(message, kept)
        message = filled(_("工会会员 %d 人，企业信息中没有建立工会组织。"), staff.union_members)
        return broken(message, kept, cure=str(self.remedy))


class _Seats(ComplianceRule):
    """What a rule of law on board seats says (``enterprises.bodies.business_rules``)."""

    seats: ClassVar[type[SeatRule]]
    reads = (BOARD, STAFF)
    valid_from = SeatRule.effective_from
    labels: ClassVar[dict[str, Label]] = {
        "headcount": gettext_lazy("职工人数"),
        "board_seats": gettext_lazy("董事会席位"),
        "employee_directors": gettext_lazy("职工董事"),
        "supervisory_seats": gettext_lazy("监事会席位"),
        "employee_supervisors": gettext_lazy("职工监事"),
        "has_audit_committee": gettext_lazy("设审计委员会"),
    }
    form = "board"
    remedy = gettext_lazy("请推动依法选举，选举后更新“董事会、监事会职工席位”。")

    @property
    def title(self) -> str:
        return " ".join((self.seats.__doc__ or "").split())

    def kept(self, case: Case, body: Body | None) -> dict[str, int | bool | None]:
        of_body = {} if body is None else {name: getattr(body, name) for name in self.labels if name != "headcount"}
        return {"headcount": _headcount(case), **of_body}

    def judge(self, case: Case) -> Outcome:
        body = case.of(BOARD)
        if reason := self.not_asked(case, body):
            return not_applicable(reason, self.kept(case, body))
        if body is None:
            message = _("没有登记董事会、监事会职工席位，不知道是否符合规定。")
            cure = _("请在“组织与会议”中登记董事会、监事会职工席位；没有董事会、监事会的填 0。")
            return not_stated(message, self.kept(case, body), cure=cure)
        found = list(self.seats().check(body, _headcount(case)))
        if not found:
            return holds(self.kept(case, body))
        said = "".join(one.message for one in found)
        if all(one.is_unstated for one in found):
            return not_stated(said, self.kept(case, body), cure=_("请在“组织与会议”或企业信息中补填。"))
        return broken(said, self.kept(case, body), cure=str(self.remedy))

    def not_asked(self, case: Case, body: Body | None) -> str:
        raise NotImplementedError


def _headcount(case: Case) -> int | None:
    """As the profile that stands for the quarter has it, else as the entry has it."""
    staff = case.of(STAFF)
    return case.enterprise.headcount if staff is None or staff.headcount is None else staff.headcount


@compliance_rule
class DirectorElected(_Seats):
    seats = EmployeeDirector
    code = "R17"
    citation = EmployeeDirector.citation
    order = 40
    #: From so many employees on.
    many = 300

    def not_asked(self, case: Case, body: Body | None) -> str:
        headcount = _headcount(case)
        if headcount is not None and headcount < self.many:
            return filled(_("职工 %d 人，不足三百人。"), headcount)
        return ""


@compliance_rule
class SupervisorsElected(_Seats):
    seats = EmployeeSupervisors
    code = "R17-third"
    citation = EmployeeSupervisors.citation
    order = 41

    def not_asked(self, case: Case, body: Body | None) -> str:
        if body is not None and body.supervisory_seats is not None and body.supervisory_seats < 3:
            return _("没有设监事会。")
        return ""
