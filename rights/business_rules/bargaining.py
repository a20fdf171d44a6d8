"""What regulation asks of consultation and of collective contracts.

《江苏省集体协商条例》 could not be consulted in full: what it says of days and terms is 待核定, and the figures here are those of
a neighbouring province."""

import datetime
from collections.abc import Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.refusals import Question
from records.core.business_rules import BusinessRule, Problem
from records.core.lines import Cell, path_of
from records.core.warning_rules import OnFile, WarningRule
from rights.models import Contract, ContractLine, ContractSort, RegionalContract, RegionalContractLine

_LABOUR_CONTRACT_LAW = "《中华人民共和国劳动合同法》第54条"
_REFERENCE = "参照《浙江省集体合同条例》；《江苏省集体协商条例》的规定待核定"
_JIANGSU_IN_FORCE = datetime.date(2023, 5, 1)
#: A contract is filed within so many days after it was signed, and takes effect so many after it arrived unless refused.
FILING_DAYS, EFFECT_DAYS = 10, 15
SHORTEST_YEARS, LONGEST_YEARS, WAGE_YEARS = 1, 3, 1


def _lines(record: Contract | RegionalContract) -> Sequence[ContractLine | RegionalContractLine]:
    return record.agreements


def _of(number: int, field: str) -> str:
    return path_of("agreements", Cell(number, field))


def _years_later(day: datetime.date, years: int) -> datetime.date:
    """The same day of a later year; a 29 February that it lacks is its last day (民法典 第二百零二条)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


class WagesNegotiated(BusinessRule[Contract]):
    """企业应每年就工资水平、工资调整办法等开展工资集体协商。"""

    code = "R38"
    citation = _REFERENCE
    effective_from = _JIANGSU_IN_FORCE
    reads = ("negotiated",)

    def check(self, record: Contract) -> Iterator[Problem]:
        if record.negotiated is False:
            yield Problem("negotiated", _("所填是上年度没有开展工资集体协商。"))


class ContractsFiled(BusinessRule[Contract | RegionalContract]):
    """集体合同签订后应报送劳动行政部门；劳动行政部门自收到之日起15日内未提出异议的，即行生效。"""

    code = "R31"
    citation = _LABOUR_CONTRACT_LAW
    effective_from = datetime.date(2008, 1, 1)
    reads = ("agreements",)

    def check(self, record: Contract | RegionalContract) -> Iterator[Problem]:
        for number, line in enumerate(_lines(record), 1):
            if line.signed_on is not None and line.filed_on is None:
                message = _("第 %d 行没有填报送人社的日期，不知道是否已经报送。")
                yield Problem(_of(number, "filed_on"), message % number, is_unstated=True)


class ContractsFiledInTime(BusinessRule[Contract | RegionalContract]):
    """集体合同应自双方首席代表签字之日起10日内报送。"""

    code = "R35-filing"
    citation = _REFERENCE
    effective_from = _JIANGSU_IN_FORCE
    reads = ("agreements",)

    def check(self, record: Contract | RegionalContract) -> Iterator[Problem]:
        for number, line in enumerate(_lines(record), 1):
            if line.signed_on is None or line.filed_on is None:
                continue
            # The day of signing does not count (民法典 第二百零一条).
            took = (line.filed_on - line.signed_on).days
            if took > FILING_DAYS:
                message = _("第 %(row)d 行签订后第 %(took)d 日才报送人社，超过了 %(limit)d 日。")
                said = {"row": number, "took": took, "limit": FILING_DAYS}
                yield Problem(_of(number, "filed_on"), message % said)


class ContractTerm(BusinessRule[Contract | RegionalContract]):
    """集体合同期限一般为一至三年，工资专项集体合同期限为一年。"""

    code = "R35-term"
    citation = _REFERENCE
    effective_from = _JIANGSU_IN_FORCE
    reads = ("agreements",)

    def check(self, record: Contract | RegionalContract) -> Iterator[Problem]:
        for number, line in enumerate(_lines(record), 1):
            if line.signed_on is None or line.ends_on is None:
                continue
            years = self._years(line)
            # It may run from the day of signing, at the latest from the day on which it takes effect.
            first = _years_later(line.signed_on, SHORTEST_YEARS) - datetime.timedelta(days=1)
            last = _years_later(line.signed_on, years) + datetime.timedelta(days=FILING_DAYS + EFFECT_DAYS)
            if not first <= line.ends_on <= last:
                allowed = _("一年") if years == WAGE_YEARS else _("一至三年")
                message = _("第 %(row)d 行从 %(start)s 签订到 %(end)s 期满，期限应为%(allowed)s。")
                said = {"row": number, "start": line.signed_on, "end": line.ends_on, "allowed": allowed}
                yield Problem(_of(number, "ends_on"), message % said)

    def _years(self, line: ContractLine | RegionalContractLine) -> int:
        return WAGE_YEARS if line.sort == ContractSort.WAGES else LONGEST_YEARS


class DraftsDiscussed(BusinessRule[Contract]):
    """集体合同草案应提交职工代表大会或者全体职工讨论通过，再签订。"""

    code = "R30"
    citation = "《中华人民共和国劳动合同法》第51条、《中华人民共和国劳动法》第33条、《中华人民共和国工会法》第21条"
    effective_from = datetime.date(2008, 1, 1)
    reads = ("agreements",)

    def check(self, record: Contract) -> Iterator[Problem]:
        for number, line in enumerate(record.agreements, 1):
            if line.signed_on is None:
                continue
            topic = line.congress_topic
            if line.was_discussed is False:
                message = _("第 %d 行填的是草案没有提交职代会或全体职工讨论。")
                yield Problem(_of(number, "discussed"), message % number)
            elif line.was_discussed is None:
                message = _("第 %d 行没有填草案是否经职代会审议，也没有选职代会议题。")
                yield Problem(_of(number, "discussed"), message % number, is_unstated=True)
            elif topic is not None and topic.day is not None and topic.day > line.signed_on:
                message = _("第 %(row)d 行 %(signed)s 已经签订，所选的职代会在 %(held)s 才召开。")
                said = {"row": number, "signed": line.signed_on, "held": topic.day}
                yield Problem(_of(number, "congress_topic"), message % said)


class DraftsVoted(BusinessRule[Contract]):
    """集体合同草案、专项集体合同草案应由职工代表大会表决通过。"""

    code = "R15"
    citation = "《中华人民共和国劳动合同法》第51条；参照《上海市职工代表大会条例》第10条"
    effective_from = datetime.date(2008, 1, 1)
    reads = ("agreements",)

    def check(self, record: Contract) -> Iterator[Problem]:
        for number, line in enumerate(record.agreements, 1):
            place, topic = _of(number, "congress_topic"), line.congress_topic
            if topic is None:
                # Discussed in a session that is not on file, or not at all (R30): there is no vote to read.
                continue
            if not topic.stands:
                said = {"row": number, "topic": topic}
                yield Problem(place, _("第 %(row)d 行所选的“%(topic)s”现在不能作为依据。") % said, is_unstated=True)
            elif not topic.is_vote:
                message = _("第 %(row)d 行所选的“%(topic)s”没有作为审议通过的事项表决。")
                yield Problem(place, message % {"row": number, "topic": topic})
            elif topic.is_passed is False:
                message = _("第 %(row)d 行所选的“%(topic)s”没有通过。")
                yield Problem(place, message % {"row": number, "topic": topic})
            elif topic.is_passed is None:
                message = _("第 %(row)d 行所选的“%(topic)s”没有填表决结果。")
                yield Problem(place, message % {"row": number, "topic": topic}, is_unstated=True)


class PerformanceReported(BusinessRule[Contract]):
    """集体合同的履行情况应每年向职工代表大会报告。"""

    code = "R35-report"
    citation = _REFERENCE
    effective_from = _JIANGSU_IN_FORCE
    reads = ("performance_reported", "performance_topic")

    def check(self, record: Contract) -> Iterator[Problem]:
        if record.agreements and record.performance_reported is False:
            yield Problem("performance_reported", _("所填是没有向职代会报告集体合同履行情况。"))
        topic = record.performance_topic
        if topic is not None and not topic.stands:
            yield Problem("performance_topic", _("所选的“%s”现在不能作为依据。") % topic, is_unstated=True)


class ContractsInForce(WarningRule[Contract | RegionalContract]):
    """只填有效的集体合同；已经期满的要核对。"""

    code = "contract-over"

    def check(self, record: Contract | RegionalContract, on_file: OnFile) -> Iterator[Question]:
        for number, line in enumerate(_lines(record), 1):
            if line.is_over(timezone.localdate()):
                message = _("第 %(row)d 行的合同在 %(end)s 已经期满。") % {"row": number, "end": line.ends_on}
                advice = _("已经续签的请改填新合同，没有续签的请删去这一行。")
                yield Question(self.code, _of(number, "ends_on"), message, advice=advice)
