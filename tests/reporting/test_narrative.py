"""The sentences: figures as in the snapshot, comparisons only between known numbers, problems only from numbers."""

import datetime
import random
import re

import pytest
from django.utils import timezone

from foundation.calendar.periods import Quarter, Year
from foundation.facts.declaring import declared_facts
from foundation.facts.sentences import all_items
from indicators.fill import catch_up
from records.core.facts import looked_at
from records.core.kinds import all_kinds
from records.duties.actions import ensure_year, generate_duties
from records.models import Duty, DutyRule, ReportingYear
from reporting.canonical import plain
from reporting.narrative import Wording, area_word, in_order_of_sentences, leading_facts, sections
from reporting.numbers import chinese_number, percent, tabular
from reporting.rendering.content import over_quarters
from reporting.snapshot import build_snapshot
from tests.indicators.helpers import LAST, approved, lecture
from tests.reporting import samples


def words(parts: list) -> str:
    return "".join(piece if isinstance(piece, str) else piece["text"] for piece in parts)


def text_of(found: list[dict]) -> str:
    lines = []
    for section in found:
        lines += [section["title"], *map(words, section["paragraphs"])]
        for group in section["groups"]:
            lines += [group["title"], *map(words, group["paragraphs"])]
    return "\n".join(lines)


def figure(snapshot: dict, code: str) -> dict:
    return next(one for one in snapshot["figures"] if one["code"] == code)


def test_every_figure_in_the_text_is_the_snapshot_s():
    snapshot = samples.provincial()
    values = {one["code"]: str(one["value"]) for one in snapshot["figures"]}
    pieces = [
        piece
        for section in snapshot["sections"]
        for part in (section, *section["groups"])
        for paragraph in part["paragraphs"]
        for piece in paragraph
        if isinstance(piece, dict)
    ]
    assert len(pieces) > 12
    for piece in pieces:
        assert piece["text"] == values[piece["fact"]]


def test_the_official_form():
    text = text_of(samples.provincial()["sections"])
    for heading in (
        "一、总体情况",
        "二、重点工作进展",
        "（一）思想引领",
        "（二）服务保障",
        "三、存在问题",
        "四、下一步打算",
    ):
        assert heading in text
    assert re.search("一是开展职工大讲堂。.*\n二是在产业工人中发展党员。.*\n三是解决国有企业党员空白班组问题。", text)


def test_comparison_with_the_quarter_before():
    text = text_of(samples.provincial()["sections"])
    assert "场次比上季度增加122场（+10.3%）" in text
    assert "新发展党员人数与上季度持平" in text
    reporting = figure(samples.provincial(), "B05.empty_teams")["reporting"]
    assert f"党员空白班组37个，可比企业700家比上季度末减少4个（-10.0%），由{reporting}家企业填报。" in text
    assert "占65.3%" in text


def test_comparison_with_the_year_before():
    """同比 beside 环比 where there is data of it, in per cent as documents write it; over how many, where not over all."""
    text = text_of(samples.with_year_before(samples.provincial())["sections"])
    assert "；场次比上季度增加122场（+10.3%），同比增长8.5%；" in text
    assert "累计举办3120场、参训150210人次，累计场次同比增长56.0%。" in text
    assert "新发展党员人数与上季度持平，同比下降4.2%" in text
    assert "可比企业700家比上季度末减少4个（-10.0%），可比企业550家与上年同期持平，" in text
    assert "同比" not in text_of(samples.provincial()["sections"]), "a snapshot of before says nothing of it"


@pytest.mark.parametrize(
    ("value", "quarter", "year", "expected"),
    [
        (5, None, 3, "同比增加2场"),
        (3, None, 9, "同比减少6场"),
        (0, None, 40, "为0，上年同期40场"),
        (0, 3, 40, "为0，上季度3场，上年同期40场"),
        (0, 3, 0, "为0，上季度3场"),
        (0, 0, 40, "为0，上年同期40场"),
        (20, 10, 20, "比上季度增加10场（+100.0%），与上年同期持平"),
        (20, 10, None, "比上季度增加10场（+100.0%）"),
        (15, None, 0, "同比增加15场"),
        (15, None, 10, "同比增长50.0%"),
        (5, None, None, None),
    ],
)
def test_a_year_ago_is_told_as_the_quarter_before_is(value, quarter, year, expected):
    """Without a share of fewer than ten, never of nothing or of the unknown."""
    snapshot = samples.with_year_before(samples.provincial())
    sides = {"comparison": quarter, "over_year": year}
    compared = {
        name: None if before is None else {"value": value, "before": before, "enterprises": None}
        for name, before in sides.items()
    }
    figure(snapshot, "B01.sessions").update(value=value, **compared)
    text = text_of(sections(snapshot))
    assert (f"；场次{expected}；" in text) if expected else ("；场次" not in text)


def test_a_whole_year_is_compared_with_the_year_before():
    snapshot = samples.with_year_before(samples.provincial())
    compared = {"value": 1804, "before": 1700, "enterprises": 640}
    meetings = figure(snapshot, "A04.meetings") | {"over_year": compared, "no_year": ""}
    wording = Wording(snapshot | {"figures": [meetings]})
    assert words(wording.clause("会议{A04.meetings:change}")) == "会议可比企业640家比上年度增长6.1%"


@pytest.mark.parametrize(
    ("value", "previous", "expected"),
    [
        (5, 0, "比上季度增加5场"),
        (0, 3, "为0，上季度3场"),
        (5, None, None),
        (20, 10, "比上季度增加10场（+100.0%）"),
    ],
)
def test_nothing_is_divided_by_zero_or_by_the_unknown(value, previous, expected):
    snapshot = samples.provincial()
    compared = None if previous is None else {"value": value, "before": previous, "enterprises": None}
    figure(snapshot, "B01.sessions").update(value=value, previous=previous, comparison=compared)
    text = text_of(sections(snapshot))
    assert (f"；场次{expected}；" in text) if expected else ("；场次" not in text)


def test_an_unknown_figure_drops_its_clause_and_nothing_else():
    snapshot = samples.provincial()
    figure(snapshot, "B01.frontline").update(value=None)
    text = text_of(sections(snapshot))
    assert "参训61475人次；场次" in text
    assert "未填报人次" not in text


def test_the_first_quarter_has_no_year_so_far():
    snapshot = {**samples.provincial(), "quarter": "2026Q1"}
    assert "今年以来" not in text_of(sections(snapshot))


def test_problems_are_facts():
    text = text_of(samples.provincial()["sections"])
    assert "本季度尚有81家企业未填报，其中宿迁市全部未填报。" in text
    assert "应报事项1624项中，124项尚未报送，占7.6%。" in text
    assert "应报事项1624项中，110项逾期报送，占6.8%。" in text
    assert "待审核的12条记录中，3条超过审核期限，在徐州市。" in text
    assert "另有12条记录待审核，未计入本报告。" in text
    assert "国有企业仍有党员空白班组37个，较多的是泰州市（13个）、镇江市（12个）、扬州市（11个）。" in text


def test_what_came_late_names_where():
    snapshot = samples.provincial()
    for unit in snapshot["units"]:
        unit["values"].update({"DUT.due": 10, "DUT.done": 10, "DUT.on_time": 8 if unit["name"] == "无锡市" else 10})
    assert "应报事项1624项中，110项逾期报送，占6.8%，在无锡市。" in text_of(sections(snapshot))


def test_nothing_is_late_before_its_day():
    snapshot = {**samples.provincial(), "due_on": "2026-10-20"}
    text = text_of(sections(snapshot))
    assert "逾期报送" not in text and "尚未报送" not in text and "按时率" not in text
    assert "应报事项1624项，已报1500项，截止日期10月20日未到。" in text
    assert "尚有" not in text and "未全覆盖" not in text


def test_before_its_day_nobody_is_said_to_have_done_everything():
    snapshot = {**samples.provincial(), "due_on": "2026-10-20"}
    snapshot["coverage"]["overdue_reviews"] = 0
    figure(snapshot, "B05.empty_teams").update(value=0)
    problems = text_of(sections(snapshot)).split("三、存在问题\n")[1]
    assert problems.startswith("填报截止日期10月20日未到，各单位是否按时填报、应报事项是否按时完成尚不能评价。")


@pytest.mark.parametrize("silent", [{"徐州市": 8}, {"徐州市": 8, "苏州市": 2}])
def test_where_most_is_missing_stops_where_others_have_as_much(silent):
    """Only those stand out who have more than all that are not named."""
    snapshot = samples.provincial()
    for unit in snapshot["units"]:
        unit.update(enterprises=10, reported=9 - silent.get(unit["name"], 0))
    text = text_of(sections(snapshot)).split("三、存在问题")[1]
    named = re.search("较多的是([^。]*)。", text)
    several = "、".join(f"{name}（{number + 1}家）" for name, number in silent.items())
    assert named and named[1] == several
    for unit in snapshot["units"]:
        unit.update(reported=9)
    assert "家企业未填报，较多的是" not in text_of(sections(snapshot)).split("三、存在问题")[1]
    for unit in snapshot["units"]:
        unit.update(reported=10 - silent.get(unit["name"], 0))
    text = text_of(sections(snapshot)).split("三、存在问题")[1]
    assert ("，在徐州市。" if len(silent) == 1 else "，分别在徐州市（8家）、苏州市（2家）。") in text


def test_where_nobody_stands_out_those_concerned_are_named():
    snapshot = samples.provincial()
    for unit in snapshot["units"]:
        unit["values"].update({"DUT.due": 10, "DUT.done": 10, "DUT.on_time": 10})
    concerned = [unit for unit in snapshot["units"] if unit["name"] in {"无锡市", "徐州市", "苏州市", "泰州市"}]
    for unit in concerned:
        unit["values"]["DUT.done"] = 9
    assert "124项尚未报送，占7.6%，分散在无锡市、徐州市、苏州市、泰州市。" in text_of(sections(snapshot)), (
        "each has one"
    )
    for unit in snapshot["units"]:
        unit["values"]["DUT.done"] = 9
    assert "124项尚未报送，占7.6%。" in text_of(sections(snapshot)), "it is so everywhere"


def test_no_problem_is_invented():
    snapshot = samples.provincial()
    snapshot["coverage"] = {
        **snapshot["coverage"],
        **{"enterprises": 812, "reported": 812, "nil": 0, "due": 10, "done": 10, "on_time": 10},
        **{"waiting": 0, "overdue_reviews": 0},
    }
    snapshot["units"] = []
    figure(snapshot, "B05.empty_teams").update(value=0, comparison={"value": 0, "before": 5, "enterprises": 700})
    text = text_of(sections(snapshot))
    assert "未见党员空白班组" in text and "零报告" not in text
    assert "已报的731家企业季末均无党员空白班组" in text
    # What was not owed was not done in time, and of what nobody told nothing is said.
    snapshot["coverage"].update(due=0, done=0, on_time=0)
    figure(snapshot, "B05.empty_teams").update(value=None, comparison=None)
    assert "一是" not in (problems := text_of(sections(snapshot)).split("三、存在问题")[1])
    assert "本季度各单位均有填报。" in problems


def test_what_should_be_less_and_grows_is_a_problem():
    snapshot = samples.provincial()
    figure(snapshot, "B05.empty_teams")["comparison"] = {"value": 40, "before": 36, "enterprises": 700}
    progress, problems = text_of(sections(snapshot)).split("三、存在问题")
    assert "党员空白班组" not in progress
    assert "国有企业仍有党员空白班组37个，可比企业700家比上季度末增加4个（+11.1%），较多的是泰州市" in problems


@pytest.mark.parametrize(
    ("level", "name", "word"),
    [
        ("province", "江苏省", "全省"),
        ("city", "苏州市", "全市"),
        ("county", "苏州市昆山市", "全市"),
        ("county", "南京市江宁区", "全区"),
        ("county", "连云港市灌云县", "全县"),
        ("zone", "苏州市苏州工业园区", "全区"),
    ],
)
def test_the_whole_is_called_by_its_level(level, name, word):
    assert area_word({"level": level, "name": name}) == word


def test_small_numbers_have_no_percentages():
    snapshot = samples.provincial()
    figure(snapshot, "B04.new_members").update(value=9)
    figure(snapshot, "B04.new_frontline").update(value=4)
    snapshot["coverage"].update(enterprises=9, reported=8, due=9, done=9, on_time=8)
    text = text_of(sections(snapshot))
    assert "本季度新发展党员9人，其中一线职工4人；" in text
    assert "填报率" not in text and "按时率" not in text


def test_an_enumeration_leaves_out_what_is_nothing():
    text = _with(samples.provincial(), B12_works=5, B12_videos=0, B12_stories=3, B12_lessons=2)
    assert "创作微作品5件，其中微故事3件、微党课2件。" in text
    text = _with(samples.provincial(), B12_works=5, B12_videos=0, B12_stories=0, B12_lessons=0)
    assert "创作微作品5件。" in text


def test_the_order_of_the_sentences_and_their_parts():
    order = in_order_of_sentences()
    codes = list(order)
    assert codes.index("B01.sessions") < codes.index("B01.frontline") < codes.index("B04.new_members")
    assert order["B01.frontline"] and order["REG.pilots"] and not order["B01.attendances"]


def test_a_part_of_several_figures_together_is_no_part_of_one_of_them():
    """Of 2 inventions no 8 are the front line's: they are of three sorts of patents, which stand above them."""
    order = in_order_of_sentences()
    patents = ["C06.invention", "C06.utility", "C06.design", "C06.frontline"]
    assert not any(order[code] for code in patents) and leading_facts() >= set(patents)
    assert not str(declared_facts()["C06.frontline"].label).startswith("其中")
    printed = [code for code in order if code in leading_facts()]
    assert printed[printed.index(patents[0]) :][:4] == patents
    assert order["C03.frontline"] and order["F20.with_problems"], "a part of one figure stays one"


def test_a_region_without_data_says_so():
    text = text_of(samples.empty_county()["sections"])
    assert "本季度未收到填报数据" in text
    assert "各项工作数据均为未填报" in text


def test_a_fact_without_a_sentence_still_speaks():
    """A kind added later is printed with label, value and unit until somebody writes a sentence for it."""
    snapshot = samples.provincial()
    from foundation.facts.declaring import Fact
    from records.core.kinds import kind_by_slug

    kind = kind_by_slug("ideology.lecture")
    kind.facts = (*type(kind).facts, Fact("B99.books", "赠阅图书", "册"))
    try:
        snapshot["figures"].append({**figure(snapshot, "B01.sessions"), "code": "B99.books", "value": 77})
        assert "赠阅图书77册" in text_of(sections(snapshot))
    finally:
        del kind.facts


def _with(snapshot: dict, **values: object) -> str:
    """The report's text with further facts, ``B09_sessions=3``."""
    more = [
        {
            **figure(snapshot, "B01.sessions"),
            "code": name.replace("_", ".", 1),
            "value": value,
            "previous": None,
            "comparison": None,
        }
        for name, value in values.items()
    ]
    return text_of(sections({**snapshot, "figures": [*snapshot["figures"], *more]}))


def test_each_kind_of_guidance_has_its_sentence():
    text = _with(
        samples.provincial(),
        B12_works=9,
        B12_videos=4,
        B12_stories=3,
        B12_lessons=2,
        B14_studios=12,
        B14_results=40,
        B14_benefit="1234.5",
        B06_congress=300,
        B06_congress_workers=150,
        F01_sessions=8,
        F01_delegates=400,
        F01_present=360,
        F13_reports=6,
    )
    assert "二是加强理想信念教育。创作微作品9件，其中微视频4件、微故事3件、微党课2件。" in text
    assert "据最近一次年报，劳模创新工作室12个；工作室2025年度形成创新成果40项，创造经济效益1234.5万元。" in text
    assert "据最近一次年报，职代会代表300人，其中产业工人150人，占50.0%。" in text
    assert "坚持职代会制度。本季度召开职代会会议8次，应到代表400人次，实到360人次，出席率90.0%" in text
    assert "听取安全生产和职业健康专题报告6次。" in text


def test_what_the_parts_of_a_clause_share_stays_when_the_first_is_left_out():
    text = _with(
        samples.provincial(),
        D13_listed=0,
        D13_certified=2,
        G05_canteens=21,
        G05_built=0,
        G09_platforms=1,
        C09_people_national=0,
        C09_people_city=7,
        E06_annual=0,
        E06_agreed=12,
    )
    assert "据最近一次年报，已认定的产教融合型企业2家" in text
    assert "职工好食堂21个；“互联网+”普惠服务平台1个。" in text, "no year without its number"
    assert "本季度获表彰的职工：市级7人" in text and "2025年度技术工人分配方式：协议工资12人" in text


def test_a_part_of_a_clause_needs_nothing_that_the_first_said():
    """Where the first of an enumeration is nothing, the next still says of what it is: 参与1项 alone says nothing."""
    text = _with(
        samples.provincial(),
        D18_standards=0,
        D18_joined=11,
        C10_teams=0,
        C10_workers=166,
        C03_raised=0,
        C03_adopted=0,
        C03_carried_out=58,
        C07_projects=0,
        C07_finished=13,
        C06_invention=0,
        C06_utility=0,
        C06_design=0,
        D19_titles=0,
        C17_platform=19,
    )
    for said in (
        "制定技能等级认定技术规范：参与11项",
        "2025年度参加“安康杯”竞赛：职工166人",
        "处理合理化建议：实施58条",
        "揭榜挂帅等创新项目：完成13项",
        "2025年度知识产权用途：研发平台申报或评估19件",
    ):
        assert said in text


def test_of_when_the_last_annual_return_is_is_said_once():
    text = _with(samples.provincial(), B06_congress=300, B08_posts=17, B07_serving=20, B07_chosen=5)
    assert (
        "据最近一次年报，职代会代表300人；在群团组织兼挂职的产业工人17人；现任“三代表三委员”的产业工人20人；"
        "本季度当选（任）“三代表三委员”5人" in text
    )


def test_every_figure_of_a_kind_has_its_sentence():
    """What a kind of tomorrow counts is told by its label until its room says it better; these rooms have."""
    named = {code for item in all_items() for text in item.clauses for code in re.findall(r"[A-Z]\d\d\.\w+", str(text))}
    assert [fact.code for kind in all_kinds() for fact in kind.facts if fact.code not in named] == []


def test_a_row_of_several_quarters_names_no_single_year():
    """What stood under the fourth quarter of last year was of the year before that."""
    assert over_quarters("党建工作纳入年度考核的企业（2025年度）") == "党建工作纳入年度考核的企业（上年度）"
    assert over_quarters("职代会代表（2026或2025年报）") == "职代会代表（最近一次年报）"
    assert over_quarters("其中：国家级工作室（2025年度）命名") == "其中：国家级工作室（2025年度）命名"


def test_the_annex_follows_the_narrative():
    areas = [code[0] for code in in_order_of_sentences() if not code.startswith("REG.")]
    assert areas[0] == "B", "思想引领 comes first"
    first = {area: areas.index(area) for area in "BD"}
    assert first["B"] < first["D"]


def test_what_did_not_take_place_is_passed_over():
    text = _with(samples.provincial(), B09_sessions=0, B09_attendances=0, B17_sessions=0)
    assert "职工文化" not in text and "素养" not in text


def test_the_year_of_yearly_figures_and_what_is_out_is_said():
    snapshot = samples.provincial()
    snapshot["yearly"] = {"year": "2025", "label": "2025年度", "owed": 733, "done": 700}
    text = _with(snapshot)
    assert "年度数据为2025年度，应报年度报表733份，已报700份，尚有33份未报。" in text
    assert (
        "2025年度企业专题研究产改会议1804次" in text
        and "据最近一次年报，由党政主要负责人任产改领导小组组长的企业610家" in text
    )
    snapshot["yearly"]["done"] = 733
    assert "应报年度报表733份，已报733份。" in _with(snapshot)
    snapshot["yearly"].update(owed=0, done=0)
    assert "年度报表" not in _with(snapshot), "nothing is owed, nothing is said"


def test_overdue_returns_of_the_year_are_a_problem_beside_those_of_the_quarter():
    snapshot = samples.provincial()
    snapshot["yearly"] = {"year": "2025", "label": "2025年度", "owed": 733, "done": 700, "late": 12, "overdue": 33}
    snapshot["units"][0]["yearly_overdue"] = 33
    snapshot["units"][1]["yearly_late"], snapshot["units"][2]["yearly_late"] = 7, 5
    text = _with(snapshot)
    problems = text.split("三、存在问题")[1]
    assert "已报700份，尚有33份逾期未报。" in text
    assert "应报2025年度报表733份中，33份逾期未报，占4.5%，在南京市。" in problems
    assert "应报2025年度报表733份中，12份逾期报送，占1.6%，分别在无锡市（7份）、徐州市（5份）。" in problems
    assert "应报事项1624项中，124项尚未报送" in problems, "what the quarter lacks is said apart"
    snapshot["yearly"]["with_quarter"] = 733
    assert "徐州市（5份）（已计入本季度应报事项）。" in _with(snapshot), "none is told as if it came on top"


def test_a_snapshot_counts_what_is_overdue_of_the_year(cast):
    year, first = Year(LAST.year).previous(), Quarter(LAST.year, 1)
    ensure_year(year)
    ReportingYear.objects.filter(code=year.code).update(enterprise_due=first.first_day)
    DutyRule.objects.create(kind="services.leadership")
    generate_duties(first)
    Duty.objects.update(due=timezone.localdate() - datetime.timedelta(days=1))
    catch_up()
    snapshot = build_snapshot(cast.places["3201"], LAST)
    assert (snapshot["yearly"]["owed"], snapshot["yearly"]["overdue"]) == (3, 3)
    assert {unit["code"]: unit["yearly_overdue"] for unit in snapshot["units"]} == {"320115": 2, "320106": 1}
    assert f"应报{year.label}报表3份中，3份逾期未报" in text_of(snapshot["sections"])
    Duty.objects.update(fulfilled_at=timezone.now())
    snapshot = build_snapshot(cast.places["3201"], LAST)
    assert {unit["code"]: unit["yearly_late"] for unit in snapshot["units"]} == {"320115": 2, "320106": 1}
    assert "3份逾期报送，分别在江宁区（2份）、鼓楼区（1份）" in text_of(snapshot["sections"])


def test_no_clause_tells_a_zero_that_compares_nothing():
    """Neither where the quarter before had more: then only the comparison speaks."""
    snapshot = samples.provincial()
    zeros = {
        "B16.sessions": (0, 5),
        "B16.attendances": (0, 90),
        "B16.integrity": (0, 2),
        "B09.sessions": (3, 2),
        "B09.sport": (3, 0),
        "B09.quizzes": (0, 2),
        "B15.visits": (0, 1),
        "B15.works": (4, 1),
        "B07.serving": (20, 20),
        "B07.chosen": (0, 3),
    }
    for code, (value, before) in zeros.items():
        compared = {"value": value, "before": before, "enterprises": None}
        snapshot["figures"].append(
            {**figure(snapshot, "B01.sessions"), "code": code, "value": value} | {"comparison": compared}
        )
    figure(snapshot, "B01.sessions").update(value=0, comparison={"value": 0, "before": 3, "enterprises": None})
    figure(snapshot, "REG.pilots").update(value=0)
    text = text_of(sections(snapshot))
    assert not re.search(r"(?<!\d)0[场人件家次个]", text), text
    assert "素养" not in text and "当选" not in text and "试点企业" not in text
    assert "本季度举办职工文体活动3场，其中体育3场；创作产业工人主题作品4件。" in text
    assert "；场次为0，上季度3场；" in text


#: A number that is nothing, whatever is counted; not the ending of a larger one.
A_ZERO = re.compile(r"(?<![\d.,])-?0(?:\.0+)?(?![\d.])")
#: What fell to nothing is news, and says so.
NEWS = re.compile(r"为0，上(?:季度末?|年同期|年度)")


def random_snapshot(seed: int) -> dict:
    """Every figure that a sentence names, nothing as often as something, in the snapshot of a city or county."""
    dice = random.Random(seed)  # noqa: S311 -- no secret is made of it

    def number() -> int | str | None:
        return dice.choice([None, 0, 0, 0, 1, 7, 12, 40, 1500, 1_000_000, "0.00", "12.50"])

    def pair(value: int | str | None) -> dict | None:
        before = number()
        if value is None or before is None or dice.random() < 0.3:
            return None
        return {"value": value, "before": before, "enterprises": dice.choice([None, 1, 4, 5, 300])}

    figures = []
    for code, fact in declared_facts().items():
        value, to_date = number(), number()
        figures.append(
            {
                "code": code,
                "label": str(fact.label),
                "unit": str(fact.unit),
                "nature": str(fact.nature),
                "value": value,
                "year_to_date": to_date,
                "comparison": pair(value),
                "over_year": pair(value),
                "to_date_over_year": pair(to_date),
                "no_year": "",
                "reporting": 0 if value is None else dice.choice([1, 40, 300]),
            }
        )
        if fact.whole:
            figures[-1]["share"] = None if value is None or dice.random() < 0.3 else [value, number() or 0]
    enterprises = dice.choice([0, 1, 812])
    reported = dice.randint(0, enterprises)
    due = dice.choice([0, 1, 1624])
    done = dice.choice([0, due // 2, due])
    owed = dice.choice([0, 3, 60])
    told = dice.choice([0, owed // 2, owed])
    overdue = dice.choice([0, owed - told])
    snapshot = samples.provincial() | {
        "figures": figures,
        "data_as_of": dice.choice([None, "2026-10-05", "2026-11-20"]),
    }
    waiting = dice.choice([0, 12])
    snapshot["coverage"] = {
        "enterprises": enterprises,
        "reported": reported,
        "nil": dice.choice([0, reported]),
        "due": due,
        "done": done,
        "on_time": dice.choice([0, done]),
        "waiting": waiting,
        "overdue_reviews": dice.choice([0, waiting]),
    }
    snapshot["yearly"] = {
        "year": "2025",
        "label": "2025年度",
        "owed": owed,
        "done": told,
        "late": dice.choice([0, told]),
        "overdue": overdue,
        "with_quarter": 0,
    }
    for unit in snapshot["units"]:
        unit["reported"] = dice.choice([0, unit["enterprises"]])
        unit["values"] = {code: number() for code in declared_facts()}
    return snapshot


@pytest.mark.parametrize("seed", range(40))
def test_no_sentence_says_that_there_is_none_of_something(seed):
    """Whatever the figures are: a clause about nothing is left out, but for what fell to nothing, and no share rounds to
    nothing."""
    text = text_of(sections(random_snapshot(seed)))
    assert not A_ZERO.search(NEWS.sub("", text)), text


def test_numbers_are_written_one_way():
    assert tabular(1234567) == "1,234,567"
    assert tabular(None) == "未填报"
    assert tabular("12.5") == "12.5"
    assert percent(1, 0) is None
    assert percent(1, 3) == "33.3%"
    assert plain(None) is None
    assert plain("3.00") == 3
    assert plain("3.50") == "3.5"


def test_more_than_ten_items_of_an_area_are_counted_in_chinese():
    assert [chinese_number(number) for number in (1, 9, 10, 11, 19, 20, 21, 99)] == [
        "一", "九", "十", "十一", "十九", "二十", "二十一", "九十九",
    ]  # fmt: skip


def test_what_offices_report_says_how_few_they_are():
    """Beside figures of enterprises; a county's report speaks of its own office only."""
    snapshot = samples.provincial()
    snapshot["figures"].append({**snapshot["figures"][0], "code": "G02.files", "value": 254, "reporting": 3})
    snapshot["figures"][-1] |= {"nature": "stock", "comparison": None, "unit": "户"}
    assert "季末建档困难职工254户（3个产改办填报）。" in text_of(sections(snapshot))
    snapshot["region"] = {"code": "320115", "name": "南京市江宁区", "level": "county"}
    assert "季末建档困难职工254户。" in text_of(sections(snapshot))


@pytest.mark.parametrize(
    ("injury", "expected"),
    [
        (2000, "养老保险参保率、工伤保险参保率均为100.0%"),
        (1900, "养老保险参保率100.0%、工伤保险参保率95.0%"),
        (0, "养老保险参保率100.0%"),
    ],
)
def test_one_share_of_several_is_told_once(injury, expected):
    snapshot = samples.provincial()
    for code, value in (("E09.due", 2000), ("E09.pension", 2000), ("E09.injury", injury)):
        snapshot["figures"].append({**figure(snapshot, "B01.sessions"), "code": code, "value": value})
    clause = Wording(snapshot).clause("养老保险参保率{E09.pension/E09.due}、工伤保险参保率{E09.injury/E09.due}")
    assert words(clause) == expected


@pytest.mark.django_db
def test_a_share_speaks_of_those_that_told_the_part(cast):
    """A lecture that says nothing of front-line workers had neither none nor all of them."""
    lecture(cast, attendances=40, frontline_attendances=30)
    lecture(cast, attendances=60, title="没有填一线人次的一课", speaker="李师傅")
    catch_up()
    snapshot = build_snapshot(cast.places["3201"], LAST)
    told = [figure for figure in snapshot["figures"] if figure["code"] == "B01.frontline"]
    assert [one["share"] for one in told] == [[30, 40]]
    clause = Wording(snapshot).clause("占{B01.frontline/B01.attendances}")
    assert clause is not None and "".join(map(str, clause)) == "占75.0%（按填了这一项的40人次算）"


@pytest.mark.django_db
def test_a_part_without_a_share_says_what_was_left_empty(cast):
    plain = {
        "title": "焊工比武",
        "happened_on": LAST.first_day,
        "sort": "skills",
        "role": "host",
        "level": "firm",
    }
    for people, frontline in ((40, {"frontline_contestants": 30}), (80, {})):
        values = {**plain, "number_of_people": people, "orientation": "wisdom", **frontline, "venue": f"{people}号厂房"}
        approved(cast.clerk, cast.county, cast.enterprise, "competitions.contest", **values)
    catch_up()
    item = next(item for item in all_items() if "{C01.frontline}" in "".join(map(str, item.clauses)))
    text = words(Wording(build_snapshot(cast.places["3201"], LAST)).sentence(item.clauses))
    assert "职工参赛120人次，其中一线职工30人次（另有80人次未填这一项）" in text


def _split(snapshot: dict, code: str, value: int, share: tuple[int, int] | None = None) -> None:
    """A figure of the snapshot; of a part the sums over the rows that tell part and whole."""
    found = {**figure(snapshot, "B01.sessions"), "code": code, "value": value, "unit": "条"}
    snapshot["figures"].append(found | ({"share": list(share)} if share else {}))


@pytest.mark.parametrize(
    ("share", "ending"),
    [
        ((40, 90), "40条。"),
        ((40, 60), "40条（另有30条未填这一项）。"),
        # Not counted again since the figure is split up.
        ((0, 0), "40条。"),
    ],
)
def test_a_part_of_a_return_says_what_was_left_empty(share, ending):
    snapshot = samples.provincial()
    _split(snapshot, "C03.raised", 90)
    _split(snapshot, "C03.frontline", 40, share)
    clauses = ("合理化建议{C03.raised}条", "其中一线职工提出{C03.frontline}条")
    assert words(Wording(snapshot).sentence(clauses)) == f"合理化建议90条，其中一线职工提出{ending}"


@pytest.mark.parametrize("told", [60, 70])
def test_what_is_left_empty_of_several_parts_is_said_once_where_it_is_as_much(told):
    snapshot = samples.provincial()
    _split(snapshot, "B08.holders", 90)
    _split(snapshot, "B08.part_time", 8, (8, 60))
    _split(snapshot, "B08.seconded", 8, (8, told))
    text = words(
        Wording(snapshot).sentence(("兼挂职{B08.holders}人", "其中兼职{B08.part_time}人、挂职{B08.seconded}人"))
    )
    apart = "其中兼职8人（另有30条未填这一项）、挂职8人（另有20条未填这一项）。"
    assert text.endswith("其中兼职8人、挂职8人（另有30条未填这一项）。" if told == 60 else apart)


@pytest.mark.django_db
def test_a_share_of_what_everybody_told_needs_no_base(cast):
    lecture(cast, attendances=40, frontline_attendances=30)
    catch_up()
    clause = Wording(build_snapshot(cast.places["3201"], LAST)).clause("占{B01.frontline/B01.attendances}")
    assert clause is not None and "".join(map(str, clause)) == "占75.0%"


@pytest.mark.django_db
def test_nothing_is_shared_where_nobody_told_the_part(cast):
    lecture(cast, attendances=40)
    catch_up()
    assert Wording(build_snapshot(cast.places["3201"], LAST)).clause("占{B01.frontline/B01.attendances}") is None


def test_every_part_that_may_be_left_empty_names_its_whole():
    """Else what was left empty would count as none in a sentence's share."""
    owner = {fact.code: (kind, fact) for kind in all_kinds() for fact in kind.facts}
    texts = [str(text) for item in all_items() for text in item.clauses]
    shares = set(re.findall(r"\{([A-Z][\w.]*)/([A-Z][\w.]*)\}", "".join(texts)))
    assert len(shares) > 20
    for part, whole in shares:
        kind, fact = owner.get(part, (None, None))
        if kind is None or whole not in owner or owner[whole][0] is not kind or fact.lines:
            continue
        fields = {name.partition("__")[0] for name in (fact.amount, *looked_at(fact.only)) if name}
        if fields & set(kind.fields) <= set(kind.required):
            continue
        assert fact.whole == whole, f"{part} may be left empty where {whole} is told"
