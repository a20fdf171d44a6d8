"""The policy pages: everyone signed in reads them whole; a missing part is shown as such."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from foundation.accounts.models import User
from policies import links, points
from policies.links import ClauseLink
from policies.loading import load_policies
from policies.models import Clause, Document
from policies.points import Point
from tests.cast import Cast
from tests.contracts.world import filed

pytestmark = pytest.mark.django_db


@pytest.fixture
def documents() -> None:
    load_policies(Path(settings.BASE_DIR) / "data" / "policy")


def page(client: Client, user: User, address: str) -> str:
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_every_role_reads_the_list_and_the_documents(client: Client, cast: Cast, documents: None) -> None:
    for user in cast.people.values():
        assert "苏产改办〔2022〕12号" in page(client, user, reverse("policies:list"))
        assert "深化理想信念教育" in page(client, user, reverse("policies:document", args=["2022"]))


def test_nobody_reads_them_without_signing_in(client: Client, documents: None) -> None:
    for address in (reverse("policies:list"), reverse("policies:document", args=["2022"])):
        response = client.get(address)
        assert (response.status_code, response.url.split("?")[0]) == (302, reverse("account_login"))


def test_document_is_shown_whole_with_an_anchor_for_each_code(client: Client, cast: Cast, documents: None) -> None:
    for code in ("2022", "2025"):
        html = page(client, cast.clerk, reverse("policies:document", args=[code]))
        for clause in Clause.objects.filter(part__document=code):
            assert f'id="{clause.pk}"' in html
            assert clause.text in html
    html = page(client, cast.clerk, reverse("policies:document", args=["2022"]))
    for words in (
        "为贯彻落实推进产业工人队伍建设改革协调小组",
        "企业是改革的执行者",
        "2022年8月15日印发",
        "四、保障服务",
    ):
        assert words in html


def test_missing_part_is_shown_as_missing(client: Client, cast: Cast, documents: None) -> None:
    html = page(client, cast.province, reverse("policies:document", args=["2025"]))
    assert "待补充" in html
    assert "平台不代拟政策内容" in html
    assert "待补充" in page(client, cast.province, reverse("policies:list"))
    assert "待补充" not in page(client, cast.province, reverse("policies:document", args=["2022"]))


def test_clause_links_to_what_answers_it(
    client: Client, cast: Cast, documents: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = ClauseLink("2022-m1-c3", "职工大讲堂", "/records/?kind=ideology.lecture")
    monkeypatch.setattr(links, "_providers", [lambda: [link]])
    html = page(client, cast.clerk, reverse("policies:document", args=["2022"]))
    clause = html.partition('id="2022-m1-c3"')[2].partition("</div>")[0]
    assert 'href="/records/?kind=ideology.lecture"' in clause
    assert html.count('<a href="/records/?kind=ideology.lecture"><span') == 1


def test_a_clause_says_point_by_point_what_answers_it(
    client: Client, cast: Cast, documents: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {
        "2022-m1-c3": [
            Point("2022-m1-c3", "开设“职工大讲堂”", ("ideology.lecture",)),
            Point("2022-m1-c3", "身边人讲身边事", ("later:stories",)),
        ],
        "2022-2-c1": [Point("2022-2-c1", "没有要做的事", ())],
    }
    monkeypatch.setattr(points, "all_points", lambda: given)
    monkeypatch.setattr(points, "all_awaited", lambda: {"later:stories": "故事征集"})
    html = page(client, cast.clerk, reverse("policies:document", args=["2022"]))
    clause = html.partition('id="2022-m1-c3"')[2].partition("</details>")[0]
    assert "部分承载 1/2，尚缺：身边人讲身边事" in clause
    assert "待建：故事征集" in clause and 'href="/records/?kind=ideology.lecture"' in clause
    assert "总述：没有要做的事" in html.partition('id="2022-2-c1"')[2].partition('id="2022-2-c2"')[0]


def test_unknown_document_is_not_found(client: Client, cast: Cast) -> None:
    client.force_login(cast.clerk)
    assert client.get(reverse("policies:document", args=["1999"])).status_code == 404


def test_empty_list_says_what_to_do(client: Client, cast: Cast) -> None:
    assert "load_reference_data" in page(client, cast.admin, reverse("policies:list"))


def test_a_printed_record_cites_its_policy_as_people_do(cast, sign_in):
    load_policies(Path(settings.BASE_DIR) / "data" / "policy")
    record = filed(cast.clerk, cast.enterprise)
    page = sign_in(cast.clerk).get(f"/records/{record.pk}/print/").content.decode()
    opinion = Document.objects.get(pk="2022")
    assert f"{opinion.title}（{opinion.number}） 三、（一）加强思想引领，1.深化理想信念教育" in page
    assert "第四项行动：暖心关爱行动，第9点" in page, "a numbered point without a measure above it"
    assert "2022-m1" not in page and "2025-a4" not in page
