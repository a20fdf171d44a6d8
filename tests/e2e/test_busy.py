"""A portal that is busy for a moment: what was only read is asked for once more by itself, what was sent is not."""

import re

from playwright.sync_api import Route, expect


def _busy_times(times: int, calls: list[str]):
    """Answers so many requests as a busy portal does, then lets them pass."""

    def handle(route: Route) -> None:
        calls.append(route.request.method)
        if len(calls) > times:
            route.continue_()
            return
        answer = route.fetch()
        body = answer.text().replace("</main>", '<p data-retry-after="1">平台正忙</p></main>')
        route.fulfill(response=answer, status=503, headers={**answer.headers, "retry-after": "1"}, body=body)

    return handle


def _only_503(stage) -> None:
    assert all("503" in line for line in stage.complaints), stage.complaints
    stage.complaints.clear()


def test_a_page_is_asked_for_once_more_and_not_for_ever(stage) -> None:
    page, calls = stage.page("county1"), []
    page.route(re.compile(r"/enterprises/$"), _busy_times(1, calls))
    page.goto("enterprises/")
    expect(page.get_by_text("平台正忙")).to_be_hidden()
    assert calls == ["GET", "GET"]

    calls = []
    page.unroute(re.compile(r"/enterprises/$"))
    page.route(re.compile(r"/records/$"), _busy_times(99, calls))
    page.goto("records/")
    page.wait_for_event("load")
    page.wait_for_timeout(3000)
    assert calls == ["GET", "GET"], "a portal that stays busy is not asked again and again"
    _only_503(stage)


def test_a_part_of_a_page_is_asked_for_once_more_and_a_form_never(stage) -> None:
    page, calls = stage.page("county1"), []
    page.goto("/")
    page.route(re.compile(r"/search/"), _busy_times(1, calls))
    page.locator("[data-search]").first.fill("示例")
    expect(page.locator("#search-live")).to_contain_text("示例")
    assert calls[:2] == ["GET", "GET"]

    calls = []
    page.route(re.compile(r"/views/$"), _busy_times(99, calls))
    page.goto("enterprises/")
    page.evaluate("htmx.ajax('POST', '/views/', {source: document.body, swap: 'none'})")
    expect(page.locator("#toasts")).to_contain_text("503")
    page.wait_for_timeout(2500)
    assert calls == ["POST"]
    _only_503(stage)
