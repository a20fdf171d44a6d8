"""What offices used to leave for Excel is answered in the browser: four questions, a click each, down to the records."""

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Stage
from tests.e2e.test_looks import STICKING_OUT


def _ask(page: Page, question: str) -> None:
    page.goto("dashboard/table/")
    page.get_by_role("navigation", name="常问的问题").get_by_role("link", name=question).click()
    expect(page.locator(".cross-table tbody tr").first).to_be_visible()


def _column(page: Page, number: int = 0) -> list[float]:
    """The numbers of a column of values, from the first row down."""
    found = []
    for row in page.locator(".cross-table tbody tr").all():
        text = row.locator("td.num").nth(number).inner_text().replace(",", "")
        if match := re.match(r"\s*([+-]?[\d.]+)", text):
            found.append(float(match[1]))
    return found


def test_four_questions_are_answered_without_excel(stage: Stage) -> None:
    page = stage.page("province1")
    page.goto("dashboard/")
    page.get_by_role("link", name="交叉表").last.click()
    page.wait_for_url("**/dashboard/table/**")

    # Which counties fell two quarters running: each says so, and shows both falls.
    _ask(page, "连续两季下降")
    rows = page.locator(".cross-table tbody tr")
    for row in rows.all()[:5]:
        expect(row).to_contain_text("连降两季")
        assert row.locator(".cross-down").count() >= 2, row.inner_text()
    expect(page.locator(".cross-notes")).to_contain_text("最近两个已结束的季度，每季都低于前一季度")

    # Private against state: two rows beside each other, which is higher in words.
    _ask(page, "民营企业和国有企业相比")
    expect(page.locator(".cross-table tbody")).to_contain_text("国有及国有控股")
    expect(page.locator(".cross-table tbody")).to_contain_text("私营及其他内资")
    assert rows.count() == 2
    for number in range(2):
        private, state = _column(page, number)
        words = [row.locator("td.num").nth(number).inner_text() for row in rows.all()]
        assert private == state or ("最高" in words[0] + words[1] and "最低" in words[0] + words[1])

    # The first ten firms by benefit, the highest first; one click to the record.
    _ask(page, "经济效益前十家企业")
    amounts = _column(page)
    assert 0 < len(amounts) <= 10 and amounts == sorted(amounts, reverse=True)
    rows.first.locator("td.num a").first.click()
    expect(page.get_by_text("下面就是这个数由哪些记录得来")).to_be_visible()

    # The rate per hundred workers by industry; below a rate stand the enterprises it is made of.
    _ask(page, "各行业每百名职工参训人次")
    rates = _column(page)
    assert len(rates) > 1 and rates == sorted(rates, reverse=True)
    expect(rows.first).to_contain_text("最高")
    address = page.url
    page.reload()
    assert page.url == address and _column(page) == rates
    rows.first.locator("td.num a").first.click()
    expect(page.locator(".cross-table tfoot")).to_contain_text("合计")
    assert page.url != address


def test_a_table_is_made_saved_found_again_and_deleted(stage: Stage) -> None:
    page, name = stage.page("city1"), uuid.uuid4().hex[:8]
    page.goto("dashboard/table/")
    page.locator("#id_rows").select_option("ownership")
    page.locator("#id_columns").select_option("quarter")
    page.get_by_role("button", name="查看", exact=True).click()
    page.wait_for_url("**columns=quarter**")
    page.get_by_label("名称", exact=True).first.fill(name)
    page.get_by_role("button", name="保存", exact=True).click()
    page.goto("dashboard/table/")
    page.get_by_role("navigation", name="保存的交叉表").get_by_role("link", name=name).click()
    expect(page.locator("#id_rows")).to_have_value("ownership")
    page.get_by_text(f"修改“{name}”").click()
    page.locator("details[open]").get_by_role("button", name="删除").click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(page.get_by_role("link", name=name)).to_have_count(0)


@pytest.mark.parametrize("question", ["连续两季下降", "各行业每百名职工参训人次"])
def test_on_a_telephone_a_row_is_a_card(stage: Stage, question: str) -> None:
    page = stage.page("province1", phone=True)
    _ask(page, question)
    assert page.evaluate(STICKING_OUT) == []
