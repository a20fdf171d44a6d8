"""What records say was not as regulation asks is told by the report: how many enterprises, which rule, whose rule it is."""

import io
import json

import pytest
from docx import Document
from openpyxl import load_workbook

from foundation.calendar.periods import Quarter
from indicators.fill import catch_up
from records.core.actions import act
from records.core.queries import breaches_by_rule
from records.models import Record, Status
from reporting.rendering.content import Edition, build_content
from reporting.rendering.docx import render_docx
from reporting.rendering.xlsx import render_xlsx
from reporting.snapshot import build_snapshot
from rights.business_rules.congress import QuorumPresent
from tests.reporting import samples
from tests.rights.filing import hand_in
from tests.rights.test_congress import session

pytestmark = pytest.mark.django_db

NOW = Quarter.current()


def held(cast, *, approved: bool = True, **changes) -> Record:
    """A session handed in and, usually, approved: it is counted in the running quarter."""
    record = session(cast, **changes)
    hand_in(cast, record)
    record.refresh_from_db()
    if approved:
        act(acting_user=cast.county, record_id=record.pk, action="approve", version=record.version)
    Record.objects.filter(pk=record.pk).update(quarter=NOW.code)
    return record


def too_few(cast, **changes) -> Record:
    return held(cast, representatives=61, present=40, **changes)


def test_enterprises_are_counted_once_a_rule_in_their_area_and_quarter(cast, django_assert_num_queries):
    for _number in range(2):
        too_few(cast)
    too_few(cast, approved=False)
    with django_assert_num_queries(2):
        in_all, found = breaches_by_rule(cast.places["320115"], NOW)
    [quorum] = [one for one in found if one.rule == QuorumPresent.code]
    assert in_all == 1 and (quorum.enterprises, quorum.records) == (1, 2), "what waits is not told yet"
    assert (quorum.words, quorum.citation) == (QuorumPresent.__doc__, QuorumPresent.citation)
    assert breaches_by_rule(cast.places["32"], NOW)[0] == 1
    assert breaches_by_rule(cast.places["320571"], NOW) == (0, [])
    assert breaches_by_rule(cast.places["320115"], NOW.previous()) == (0, [])
    Record.objects.update(status=Status.WITHDRAWN)
    assert breaches_by_rule(cast.places["320115"], NOW) == (0, [])


def test_the_report_says_which_rules_were_not_kept_and_where_they_stand(cast):
    too_few(cast)
    catch_up()
    snapshot = build_snapshot(cast.places["320115"], NOW)
    content = build_content(json.loads(json.dumps(snapshot)), Edition())
    problems = next(section for section in snapshot["sections"] if section["key"] == "problems")
    text = "".join(
        piece if isinstance(piece, str) else piece["text"] for part in problems["paragraphs"] for piece in part
    )
    assert "部分事项不符合规定" in text
    assert "已审核通过的记录中，1家企业未做到“职代会应有全体职工代表三分之二以上出席”，依据见附件2。" in text
    [row] = [row for row in content.breaches.rows if row[0].text == QuorumPresent.__doc__]
    assert [cell.text for cell in row[1:3]] == [QuorumPresent.citation, "1"]
    sheet = load_workbook(io.BytesIO(render_xlsx(content)))["不符合规定"]
    assert QuorumPresent.citation in {cell.value for cell in sheet["C"]}
    words = "".join(cell.text for table in Document(io.BytesIO(render_docx(content))).tables for cell in table._cells)
    assert QuorumPresent.citation in words


def test_a_report_without_breaches_or_of_before_they_were_counted_says_nothing_of_them():
    content = build_content(samples.provincial(), Edition())
    assert content.breaches is None
    assert "不符合规定" not in load_workbook(io.BytesIO(render_xlsx(content))).sheetnames
