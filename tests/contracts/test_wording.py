"""The check of words finds what it is there for, and nothing in ordinary text."""

import re
import subprocess
import sys

import pytest
from django.conf import settings

from foundation.accounts.devices import device_label
from tests.contracts.wording import wrong_words

WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36"
)


@pytest.mark.parametrize(
    "text",
    [
        "api.token_issued",
        "事件：records.approve",
        '<td title="records.exported">…</td>',
        WINDOWS,
        "依据 2022-m1-c3",
        "依据 2025-a4-f9；2022-3.1",
        "2026Q3",
    ],
)
def test_what_may_not_be_read_is_found(text: str) -> None:
    assert wrong_words(f"<p>{text}</p>")


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-28 至 2026-12-04，第 3.1 节",
        "Chrome · Windows",
        '<a href="/policies/2022/#2022-m1-c3">三、（一）加强思想引领</a>',
        "苏办发〔2022〕37号",
        "<code>records.approve</code>",
        "91320115000000001X",
    ],
)
def test_ordinary_text_passes(text: str) -> None:
    assert wrong_words(f"<p>{text}</p>") == []


@pytest.mark.parametrize(
    ("user_agent", "label"),
    [
        (WINDOWS, "Chrome · Windows"),
        (f"{WINDOWS} Edg/120.0.0.0", "Edge · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:102.0) Gecko/20100101 Firefox/102.0", "Firefox · Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/16.5 Mobile/15E148 Safari/604.1",
            "Safari · iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 13; V2241A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/111.0 "
            "Mobile Safari/537.36 MicroMessenger/8.0.40",
            "微信 · Android",
        ),
        ("Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko", "Internet Explorer · Windows"),
        ("Mozilla/5.0 (X11; UOS; Linux x86_64) AppleWebKit/537.36 Chrome/108.0 Safari/537.36", "Chrome · 统信 UOS"),
        ("python-requests/2.31", "其他程序"),
        ("", "其他程序"),
    ],
)
def test_a_device_goes_by_the_name_people_know(user_agent: str, label: str) -> None:
    assert device_label(user_agent) == label


def test_every_event_that_is_logged_has_words_where_pages_are_shown() -> None:
    """Also what only other processes write: they import the action, and this one does not."""
    root = settings.BASE_DIR
    sources = (
        path for path in root.glob("*/**/*.py") if path.relative_to(root).parts[0] not in {"tests", ".venv", "var"}
    )
    named = {
        name
        for path in sources
        for name in re.findall(r'\b(?:log|log_each|register_event)\(\s*"([a-z_.]+)"', path.read_text(encoding="utf-8"))
    }
    script = (
        "import django; django.setup(); from django.urls import get_resolver; get_resolver().url_patterns; "
        "from foundation.audit.log import registered_events; print(*registered_events())"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    assert len(named) > 30 and sorted(named - set(done.stdout.split())) == []
