"""What regulation asks of a session of the workers' congress.

What a session must be for its resolutions to stand is a rule: broken, it is asked about and recorded as a breach; what the
rule must know to judge is required. What was done late or left out around it is asked about and handed in with a word
(``records.core.warnings``). The national provisions decide; where the regulations of Shanghai and Zhejiang say the same in
more detail, they are named for reference. 江苏省企业民主管理条例 could not be consulted: these rules are 待核定 against it.
"""

import datetime
from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.calendar.workdays import is_published, working_days_between
from foundation.refusals import Question
from foundation.saying import filled
from records.core.business_rules import BusinessRule, Problem
from records.core.lines import Cell, path_of
from records.core.warning_rules import OnFile, WarningRule
from rights.models import (
    CongressForm,
    CongressSession,
    CongressTopic,
    ProposedBy,
    SessionSort,
    TopicResult,
    TopicSort,
)

_NATIONAL = "《企业民主管理规定》（总工发〔2012〕12号）"
_IN_FORCE = datetime.date(2012, 2, 13)
#: From so many staff on a congress is held; below it a general meeting may stand in its place.
CONGRESS_FROM = 100
FEWEST_DELEGATES = 30
PAPERS_DAYS = 7
#: Working days within which the union reports to the next union above.
REPORT_DAYS = 7
#: How long delegates serve, in years.
TERM_YEARS = range(3, 6)


def quorum(delegates: int) -> int:
    """How many must be present: two thirds of all delegates, rounded up. 61 → 41."""
    return -(-2 * delegates // 3)


def majority(delegates: int) -> int:
    """How many must agree: more than half of all delegates, present or not. 61 → 31, 60 → 31."""
    return delegates // 2 + 1


class ExtraSessionProposed(BusinessRule[CongressSession]):
    """临时会议应由企业、企业工会或者三分之一以上的职工代表提议召开。"""

    code = "R10"
    citation = f"{_NATIONAL}；参照《上海市职工代表大会条例》第22条、《浙江省企业民主管理条例》第15条"
    effective_from = _IN_FORCE
    reads = ("sort", "proposed_by", "proposers", "representatives")

    def check(self, record: CongressSession) -> Iterator[Problem]:
        if record.sort != SessionSort.EXTRA:
            return
        if not record.proposed_by:
            yield Problem("proposed_by", _("临时会议请选择由谁提议召开。"), is_gap=True)
        if record.proposed_by == ProposedBy.DELEGATES and record.proposers is None:
            yield Problem("proposers", _("由职工代表提议的，请填写提议人数。"), is_gap=True)
        elif record.proposed_by == ProposedBy.DELEGATES and record.representatives is not None:
            needed = -(-record.representatives // 3)
            if record.proposers is not None and record.proposers < needed:
                yield Problem(
                    "proposers",
                    filled(
                        _(
                            "由职工代表提议的，应有三分之一以上代表（%(all)d 人中至少 %(needed)d 人），所填是 %(some)d 人。"
                        ),
                        {"all": record.representatives, "needed": needed, "some": record.proposers},
                    ),
                )


class SessionEveryYear(WarningRule[CongressSession]):
    """职工代表大会每年至少召开一次；中间有年份没有会议记录的，要说明。"""

    code = "R10-yearly"
    citation = f"{_NATIONAL}；参照《上海市职工代表大会条例》第22条、《浙江省企业民主管理条例》第15条"

    def check(self, record: CongressSession, on_file: OnFile) -> Iterator[Question]:
        if record.happened_on is None:
            return
        earlier = [day for day in on_file.days(record) if day < record.happened_on]
        if not earlier:
            return
        last = max(earlier)
        missed = range(last.year + 1, record.happened_on.year)
        if missed:
            years = "、".join(str(year) for year in missed)
            text = _("上一次会议是 %(last)s，%(years)s年没有会议记录。") % {"last": last, "years": years}
            advice = _("职代会每年至少召开一次：开过的请先补报，没有开的请说明。")
            yield Question(self.code, "happened_on", text, advice=advice)


class TermOfDelegates(BusinessRule[CongressSession]):
    """职工代表大会每届任期三至五年。"""

    code = "R10-years"
    citation = f"{_NATIONAL}；参照《上海市职工代表大会条例》第22条、《浙江省企业民主管理条例》第15条"
    effective_from = _IN_FORCE
    reads = ("term_years",)

    def check(self, record: CongressSession) -> Iterator[Problem]:
        if record.term_years is not None and record.term_years not in TERM_YEARS:
            yield Problem("term_years", _("职代会每届任期三至五年，所填是 %d 年。") % record.term_years)


class TermNotOver(WarningRule[CongressSession]):
    """会议应在本届职工代表的任期内召开，任期届满应换届选举。"""

    code = "R10-term"
    citation = f"{_NATIONAL}；参照《上海市职工代表大会条例》第22条"

    def check(self, record: CongressSession, on_file: OnFile) -> Iterator[Question]:
        start, years, held = record.term_started_on, record.term_years, record.happened_on
        if start is None or held is None:
            return
        if held < start:
            message = _("会议日期 %(held)s 在本届任期开始（%(start)s）之前。") % {"held": held, "start": start}
            yield Question(self.code, "term_started_on", message, advice=_("请核对两个日期。"))
        elif years is not None and held >= (over := _years_later(start, years)):
            message = _("本届任期到 %(over)s 已经届满，会议在 %(held)s 召开。") % {"over": over, "held": held}
            yield Question(self.code, "term_years", message, advice=_("请核对；确已届满的，请说明换届安排。"))


def _years_later(day: datetime.date, years: int) -> datetime.date:
    """The same day of a later year; a 29 February that it lacks is its last day (民法典 第二百零二条)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


class QuorumPresent(BusinessRule[CongressSession]):
    """职代会应有全体职工代表三分之二以上出席。"""

    code = "R11"
    citation = f"{_NATIONAL}；参照《上海市职工代表大会条例》第28条、《浙江省企业民主管理条例》第15条"
    effective_from = _IN_FORCE
    reads = ("representatives", "present")

    def check(self, record: CongressSession) -> Iterator[Problem]:
        if record.representatives is None or record.present is None:
            return
        needed = quorum(record.representatives)
        if record.present < needed:
            yield Problem(
                "present",
                filled(
                    _("应到 %(all)d 人，至少 %(needed)d 人出席才能开会，实到只有 %(present)d 人。"),
                    {"all": record.representatives, "needed": needed, "present": record.present},
                ),
            )


class MajorityOfAll(BusinessRule[CongressSession]):
    """表决事项应采用无记名投票，获得全体职工代表（不是到会代表）过半数赞成才算通过。"""

    code = "R12"
    citation = f"{_NATIONAL}；参照《上海市职工代表大会条例》第31条、《浙江省企业民主管理条例》第15条"
    effective_from = _IN_FORCE
    reads = ("representatives", "agenda", "secret_ballot")

    def check(self, record: CongressSession) -> Iterator[Problem]:
        voted = [(number, topic) for number, topic in enumerate(record.agenda, 1) if topic.sort == TopicSort.APPROVAL]
        for number, topic in voted:
            if not topic.result:
                message = _("第 %d 行是审议通过的事项，请填表决结果。") % number
                yield Problem(path_of("agenda", Cell(number, "result")), message, is_gap=True)
        passed = [(number, topic) for number, topic in voted if topic.result == TopicResult.PASSED]
        if not passed:
            return
        if record.secret_ballot is False:
            yield Problem("secret_ballot", _("表决事项应采用无记名投票，所填是没有采用。"))
        elif record.secret_ballot is None:
            message = _("没有填是否采用无记名投票，不知道表决方式是否合规。")
            yield Problem("secret_ballot", message, is_unstated=True)
        for number, topic in passed:
            yield from self._counted(record, number, topic)

    def _counted(self, record: CongressSession, number: int, topic: CongressTopic) -> Iterator[Problem]:
        place = path_of("agenda", Cell(number, "votes_for"))
        if topic.votes_for is None:
            yield Problem(place, _("第 %d 行表决通过的，请填赞成票数。") % number, is_gap=True)
        elif record.representatives is not None and topic.votes_for < majority(record.representatives):
            yield Problem(
                place,
                filled(
                    _(
                        "第 %(row)d 行“%(topic)s”：全体代表 %(all)d 人，至少 %(needed)d 票赞成才算通过（按全体代表计算，不按到会代表），"
                        "只有 %(votes)d 票，所填结果却是“通过”。"
                    ),
                    {
                        "row": number,
                        "topic": topic.topic,
                        "all": record.representatives,
                        "needed": majority(record.representatives),
                        "votes": topic.votes_for,
                    },
                ),
            )


class PapersInTime(BusinessRule[CongressSession]):
    """议题和材料应在会议召开七日前送达职工代表。"""

    code = "R13"
    citation = f"{_NATIONAL}；参照《上海市职工代表大会条例》第30条"
    effective_from = _IN_FORCE
    reads = ("happened_on", "papers_sent_on")

    def check(self, record: CongressSession) -> Iterator[Problem]:
        if record.happened_on is None:
            return
        if record.papers_sent_on is None:
            message = _("没有填材料送达代表的日期，不知道是否提前七日送达。")
            yield Problem("papers_sent_on", message, is_unstated=True)
            return
        days = (record.happened_on - record.papers_sent_on).days
        if days < 0:
            yield Problem("papers_sent_on", _("材料送达代表的日期在会议之后 %d 日。") % -days)
        elif days < PAPERS_DAYS:
            yield Problem(
                "papers_sent_on",
                _("材料应在会议 %(needed)d 日前送达，所填日期距会议只有 %(days)d 日。")
                % {"needed": PAPERS_DAYS, "days": days},
            )


class ReportedToUpperUnion(WarningRule[CongressSession]):
    """企业工会应在会后七个工作日内将会议情况报告上一级工会。"""

    code = "R13-report"
    citation = "参照《上海市职工代表大会条例》第37条；江苏省的规定待核定"

    def check(self, record: CongressSession, on_file: OnFile) -> Iterator[Question]:
        if record.happened_on is None:
            return
        reported = record.reported_on
        took = working_days_between(record.happened_on, reported or timezone.localdate())
        if took <= REPORT_DAYS:
            return
        if reported:
            message = _("会后第 %(took)d 个工作日才报告上一级工会，超过了 %(limit)d 个工作日。")
            advice = _("请核对日期；确实晚了的请说明。")
        else:
            message = _("会议已过 %(took)d 个工作日，还没有填向上一级工会报告的日期（应在 %(limit)d 个工作日内）。")
            advice = _("请补填，或者说明。")
        text = filled(message, {"took": took, "limit": REPORT_DAYS})
        if not all(is_published(day.year) for day in (record.happened_on, reported or timezone.localdate())):
            text += _("当年的工作日表还没有核定，天数是暂定的。")
        # Without the count of days: a confirmation of yesterday is one of today.
        yield Question(self.code, "reported_on", text, advice=advice)


class DelegatesComposed(BusinessRule[CongressSession]):
    """职工100人以上的企业召开职工代表大会；代表不少于职工的5%且不少于30人，管理人员不超过代表的20%。"""

    code = "R14"
    citation = f"{_NATIONAL}；参照《上海市职工代表大会条例》第3、16、21条"
    effective_from = _IN_FORCE
    reads = ("form", "representatives", "managers")

    def check(self, record: CongressSession) -> Iterator[Problem]:
        staff = record.filing_enterprise.headcount
        if record.form == CongressForm.GENERAL:
            if staff is not None and staff >= CONGRESS_FROM:
                yield Problem(
                    "form",
                    filled(_("企业有职工 %d 人，应召开职工代表大会。职工不足100人的才可以召开职工大会。"), staff),
                )
            return
        if record.representatives is None:
            return
        fewest = max(FEWEST_DELEGATES, -(-(staff or 0) // 20))
        if record.representatives < fewest:
            yield Problem(
                "representatives",
                filled(_("职工代表至少 %d 人（不少于职工的5%%且不少于30人）。"), fewest),
            )
        if record.managers is None:
            message = _("没有填代表中的管理人员，不知道是否超过20%。")
            yield Problem("managers", message, is_unstated=True)
        elif record.managers * 5 > record.representatives:
            yield Problem(
                "managers",
                filled(
                    _("管理人员代表 %(some)d 人，超过了全体代表 %(all)d 人的20%%。"),
                    {"some": record.managers, "all": record.representatives},
                ),
            )
