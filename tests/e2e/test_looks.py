"""Every main page as every role: no complaint of the browser, nothing wider than a telephone, and all of it by keyboard."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

WIDTHS = (1440, 390, 360)
#: Pages of each role besides those of its menu; ``>`` stands for the first row of the list before it, ``>edit/`` for a
#: page of that row.
PAGES: dict[str, list[str]] = {
    "clerk1": [
        "policies/2022/",
        "accounts/password/change/",
        "api/v1/docs/",
        "records/",
        ">",
        "records/new/ideology.lecture/",
        "records/new/ideology.partydevelopment/",
        "records/new/services.leadership/",
        "records/?status=returned",
        ">",
        ">edit/",
        "enterprises/",
        ">",
        "me/",
        "accounts/2fa/",
        "accounts/sessions/",
    ],
    "lead1": ["records/?kind=services.leadership", "enterprises/", ">", ">edit/"],
    "county1": [
        "review/",
        ">",
        "records/duties/",
        "enterprises/new/",
        "records/new/ideology.lecture/",
        "accounts-admin/",
        ">",
        "accounts-admin/bulk/",
    ],
    "city1": ["places/?q=江宁"],
    "province1": ["records/?kind=ideology.partydevelopment"],
    "auditor1": ["records/", ">"],
    "admin1": ["accounts-admin/", ">", "accounts-admin/new/", "accounts-admin/security/"],
    "": ["accounts/login/", "verify/", "verify/ABCDEFGHJK/", "no/such/page/"],
}

#: What sticks out to the right, in the words of CSS, unless something around it scrolls or hides.
STICKING_OUT = """() => {
  const limit = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= limit) return [];
  const inside = (element) => {
    for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) {
      if (getComputedStyle(up).overflowX !== 'visible') return true;
    }
    return false;
  };
  const out = [...document.querySelectorAll('body *')].filter((element) =>
    element.getBoundingClientRect().right > limit + 0.5 && !inside(element));
  return out.slice(-5).map((element) => element.tagName + '.' + element.className).concat('page too wide');
}"""


#: Fields of a page of desktop width that are wider than what they hold and a third: choices by their longest word, numbers and
#: days by what fits in. Filters, which stand in columns, are left out.
WIDER_THAN_HELD = """() => [...document.querySelectorAll('main .form-control, main .form-select')].filter((field) => {
  if (!field.offsetWidth || field.classList.contains('tomselected') || field.closest('.filter-bar') || field.multiple) return false;
  if (field.tagName !== 'SELECT') {
    const limits = {'size-number': 128, 'size-day': 224};
    return Object.entries(limits).some(([size, most]) => field.closest('.' + size) && field.offsetWidth > most);
  }
  const copy = field.cloneNode(true);
  copy.removeAttribute('id');
  copy.style.cssText = 'position: absolute; visibility: hidden; width: auto; min-width: 0; max-width: none; flex: none';
  field.parentElement.append(copy);
  const held = Math.max(copy.offsetWidth, 128);
  copy.remove();
  return field.offsetWidth > held * 4 / 3;
}).map((field) => `${field.name || field.id} is ${field.offsetWidth} px wide`)"""


ADDRESSES = "links => links.map((link) => link.getAttribute('href'))"


def name_of(username: str, number: int, address: str) -> str:
    return f"{username or 'nobody'}-{number:02d}-{re.sub(r'[^a-z0-9]+', '_', address.lower()).strip('_') or 'first'}"


def go(page: Page, address: str) -> bool:
    """Open an address, or follow the first row of the list that is open. False: the list is empty."""
    if not address.startswith(">"):
        page.goto(address)
        return True
    if address == ">":
        first = page.locator("main tbody a").first
        if not first.count():
            return False
        page.goto(first.get_attribute("href"))
    else:
        page.goto(page.url + address[1:])
    return True


def pages_of(page: Page, username: str) -> list[str]:
    """The first page, everything in the person's menu with the tabs inside it, and what the table adds."""
    if not username:
        return PAGES[username]
    page.goto("")
    menu: list[str] = []
    for door in page.locator("aside nav a").evaluate_all(ADDRESSES):
        page.goto(door)
        menu += page.locator("nav.tabs a").evaluate_all(ADDRESSES) or [door]
    return [address.lstrip("/") for address in menu] + PAGES[username]


@pytest.mark.parametrize("username", PAGES)
def test_pages_fit_and_nothing_complains(stage, shots: Path, username):
    page = stage.page(username)
    problems: list[str] = []
    for number, address in enumerate(pages_of(page, username)):
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        if not go(page, address):
            continue
        page.wait_for_function(
            "[...document.querySelectorAll('.chart')].every((chart) => chart.querySelector('canvas'))"
        )
        if wide := page.evaluate(WIDER_THAN_HELD):
            problems.append(f"{username} {page.url}: {wide}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            if wide := page.evaluate(STICKING_OUT):
                problems.append(f"{username} {page.url} at {width} px: {wide}")
            if width != WIDTHS[-1]:
                page.screenshot(path=shots / f"{name_of(username, number, address)}-{width}.png", full_page=True)
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("username, address", [("city1", "dashboard/"), ("province1", "indicators/")])
def test_a_long_page_names_its_parts_at_the_top_of_a_telephone(stage, username, address):
    """Also one that names other pages at its end, and whose figures are fetched anew."""
    page = stage.page(username, phone=True)
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollHeight > 5 * window.innerHeight"), "it is long"
    parts = page.get_by_role("navigation", name="本页内容")
    expect(parts).to_be_in_viewport()
    if figures := page.query_selector("#figures"):
        page.evaluate("htmx.trigger('#figures', 'figures-changed')")
        page.wait_for_function("old => !old.isConnected", arg=figures)
    for link in parts.get_by_role("link").all():
        link.click()
        expect(page.locator(link.get_attribute("href"))).to_be_in_viewport()
        page.evaluate("window.scrollTo(0, 0)")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    for _step in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def test_sign_in_and_review_without_a_mouse(stage, hand_in):
    for _number in range(3):
        hand_in("clerk2")
    page = stage.page()
    page.goto("accounts/login/")
    if not page.evaluate("document.activeElement.matches('[name=login]')"):
        tab_to(page, "[name=login]")
    page.keyboard.type("county2")
    tab_to(page, "[name=password]")
    page.keyboard.type(stage.accounts["county2"].password)
    page.keyboard.press("Enter")
    page.wait_for_url(stage.portal.address)
    tab_to(page, ".skip-link, .topbar-name")
    tab_to(page, "nav a[href='/review/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/")
    tab_to(page, "main tbody a")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/review/\d+/$"))
    first = page.url
    page.keyboard.press("j")
    page.wait_for_url(lambda url: url != first and "/review/" in url)
    page.keyboard.press("k")
    page.wait_for_url(first)
    tab_to(page, "#reason")
    page.keyboard.type("a 请补上签到表。")
    tab_to(page, "button[value=return]")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != first)
    expect(page.locator("main")).to_contain_text("已退回")
    second = page.url
    page.keyboard.press("a")
    page.wait_for_url(lambda url: url != second)
    expect(page.locator("main")).to_contain_text("已通过")
