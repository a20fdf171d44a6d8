"""What regulation asks of a session of the workers' congress.

The national provisions decide; where the regulations of Shanghai and Zhejiang say the same in more detail, they are named
for reference. 江苏省企业民主管理条例 could not be consulted: these rules are 待核定 against it.
"""

import datetime
from collections.abc import Iterator

from django.utils.translation import gettext as _

from records.business_rules import BusinessRule, Problem
from rights.models import CongressForm, CongressSession, ProposedBy, SessionSort

_NATIONAL = "《企业民主管理规定》（总工发〔2012〕12号）"
_IN_FORCE = datetime.date(2012, 2, 13)
#: From so many staff on a congress is held; below it a general meeting may stand in its place.
CONGRESS_FROM = 100
FEWEST_DELEGATES = 30
PAPERS_DAYS = 7


def quorum(delegates: int) -> int:
    """How many must be present: two thirds of all delegates, rounded up. 61 → 41."""
    return -(-2 * delegates // 3)


def majority(delegates: int) -> int:
    """How many must agree: more than half of all delegates, present or not. 61 → 31, 60 → 31."""
    return delegates // 2 + 1


class ExtraSessionProposed(BusinessRule):
    """临时会议应由企业、企业工会或者三分之一以上的职工代表提议召开。"""

    code = "R10"
    citation = f"{_NATIONAL}；参照《上海市职工代表大会条例》第22条、《浙江省企业民主管理条例》第15条"
    effective_from = _IN_FORCE

    def check(self, record: CongressSession) -> Iterator[Problem]:
        if record.sort != SessionSort.EXTRA:
            return
        if not record.proposed_by:
            yield Problem("proposed_by", _("临时会议请选择由谁提议召开。"))
        if record.proposed_by == ProposedBy.DELEGATES and record.representatives is not None:
            needed = -(-record.representatives // 3)
            if record.proposers is None or record.proposers < needed:
                yield Problem(
                    "proposers",
                    _(
                        "由职工代表提议的，应有三分之一以上代表（%(all)d 人中至少 %(needed)d 人）。请填写或核对提议人数。"
                    )
                    % {"all": record.representatives, "needed": needed},
                )


class QuorumPresent(BusinessRule):
    """职代会应有全体职工代表三分之二以上出席。"""

    code = "R11"
    citation = f"{_NATIONAL}；参照《上海市职工代表大会条例》第28条、《浙江省企业民主管理条例》第15条"
    effective_from = _IN_FORCE

    def check(self, record: CongressSession) -> Iterator[Problem]:
        if record.representatives is None or record.present is None:
            return
        needed = quorum(record.representatives)
        if record.present < needed:
            yield Problem(
                "present",
                _(
                    "应到 %(all)d 人，至少 %(needed)d 人出席才能开会，实到只有 %(present)d 人。请核对人数；确实不足的，应重新召开后再填。"
                )
                % {"all": record.representatives, "needed": needed, "present": record.present},
            )


class MajorityOfAll(BusinessRule):
    """表决事项应采用无记名投票，获得全体职工代表（不是到会代表）过半数赞成才算通过。"""

    code = "R12"
    citation = f"{_NATIONAL}；参照《上海市职工代表大会条例》第31条、《浙江省企业民主管理条例》第15条"
    effective_from = _IN_FORCE

    def check(self, record: CongressSession) -> Iterator[Problem]:
        if not record.passed:
            return
        if record.secret_ballot is False:
            yield Problem("secret_ballot", _("表决事项应采用无记名投票。请核对表决方式；没有采用的，应重新表决。"))
        if record.votes_for is None:
            yield Problem("votes_for", _("表决通过的请填赞成票数；表决几项的，填得票最少的一项。"))
        elif record.representatives is not None and record.votes_for < majority(record.representatives):
            yield Problem(
                "votes_for",
                _(
                    "全体代表 %(all)d 人，至少 %(needed)d 票赞成才算通过（按全体代表计算，不按到会代表），只有 %(votes)d 票。"
                    "请核对，或将“表决事项全部通过”改为否。"
                )
                % {
                    "all": record.representatives,
                    "needed": majority(record.representatives),
                    "votes": record.votes_for,
                },
            )


class PapersInTime(BusinessRule):
    """议题和材料应在会议召开七日前送达职工代表。"""

    code = "R13"
    citation = f"{_NATIONAL}；参照《上海市职工代表大会条例》第30条"
    effective_from = _IN_FORCE

    def check(self, record: CongressSession) -> Iterator[Problem]:
        if record.papers_sent_on is None or record.happened_on is None:
            return
        days = (record.happened_on - record.papers_sent_on).days
        if days < PAPERS_DAYS:
            yield Problem(
                "papers_sent_on",
                _("材料应在会议 %(needed)d 日前送达，所填日期距会议只有 %(days)d 日。请核对两个日期。")
                % {"needed": PAPERS_DAYS, "days": max(days, 0)},
            )


class DelegatesComposed(BusinessRule):
    """职工100人以上的企业召开职工代表大会；代表不少于职工的5%且不少于30人，管理人员不超过代表的20%。"""

    code = "R14"
    citation = f"{_NATIONAL}；参照《上海市职工代表大会条例》第3、16、21条"
    effective_from = _IN_FORCE

    def check(self, record: CongressSession) -> Iterator[Problem]:
        staff = record.enterprise.headcount
        if record.form == CongressForm.GENERAL:
            if staff is not None and staff >= CONGRESS_FROM:
                yield Problem(
                    "form", _("企业有职工 %d 人，应召开职工代表大会。职工不足100人的才可以召开职工大会。") % staff
                )
            return
        if record.representatives is None:
            return
        fewest = max(FEWEST_DELEGATES, -(-(staff or 0) // 20))
        if record.representatives < fewest:
            yield Problem(
                "representatives", _("职工代表至少 %d 人（不少于职工的5%%且不少于30人）。请核对应到代表人数。") % fewest
            )
        if record.managers is not None and record.managers * 5 > record.representatives:
            yield Problem(
                "managers",
                _("管理人员代表 %(some)d 人，超过了全体代表 %(all)d 人的20%%。请核对；确实超过的，应调整代表构成。")
                % {"some": record.managers, "all": record.representatives},
            )
