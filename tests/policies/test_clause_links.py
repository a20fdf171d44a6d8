"""The sentences that the kinds say they answer are the intended ones."""

from pathlib import Path

import pytest
from django.conf import settings

from policies import links
from policies.links import ClauseLink, links_by_code, register_clause_links
from policies.parsing import read_documents
from records.kinds import kind_by_slug

TEXTS = {
    clause.code: clause.text
    for document in read_documents(Path(settings.BASE_DIR) / "data" / "policy")
    for clause in document.clauses()
}


@pytest.mark.parametrize(
    ("slug", "code", "words"),
    [
        ("ideology.lecture", "2022-m1-c3", "开设“职工大讲堂”"),
        ("ideology.lecture", "2025-a4-f9", "大力推动“职工大讲堂”"),
        ("ideology.partydevelopment", "2022-m2-c4", "党员发展比例向工作生产一线倾斜"),
        ("ideology.partydevelopment", "2022-m2-c5", "国有企业党员空白班组"),
        ("services.leadership", "2022-m9-c1", "提交职工代表大会或职工大会审议"),
        ("services.leadership", "2022-s1-c1", "建立推进企业改革工作责任制"),
    ],
)
def test_kind_names_the_intended_sentence(slug: str, code: str, words: str) -> None:
    assert code in kind_by_slug(slug).clauses
    assert words in TEXTS[code]


def test_links_are_gathered_by_code_and_a_provider_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "_providers", [])
    first, second = ClauseLink("2022-m1-c3", "甲", "/a/"), ClauseLink("2022-m1-c3", "乙", "/b/")

    def provider() -> list[ClauseLink]:
        return [first, second]

    register_clause_links(provider)
    register_clause_links(provider)
    assert links_by_code() == {"2022-m1-c3": [first, second]}
