"""What a record's pages cite: the shipped clauses that its kind names, and those of entered documents that are linked to it."""

import pytest
from django.urls import reverse

from policies import actions
from policies.models import ClausePoint, Document
from records.core.kinds import kind_by_slug
from records.core.queries import clauses_of
from records.models import Record
from tests.policies.entered import published
from tests.records.test_office_filing import filed_by_office
from tests.rights.filing import filed

pytestmark = pytest.mark.django_db
RESEARCH = "services.research"
SENTENCE = "开设职工大讲堂。"


def link(cast, document: Document, name: str) -> ClausePoint:
    point = ClausePoint.objects.get(clause__part__document=document, text="开设职工大讲堂")
    actions.link_points(acting_user=cast.province, document=document, added={point.pk: name}, removed=[])
    return point


def pages(browser, record: Record) -> list[str]:
    new = f"{reverse('records:create', args=[record.kind])}?"
    filer = f"enterprise={record.enterprise.credit_code}" if record.enterprise else f"office={record.office.code}"
    addresses = (
        reverse("records:detail", args=[record.pk]),
        reverse("records:edit", args=[record.pk]),
        new + filer,
        reverse("records:print", args=[record.pk]),
    )
    return [browser.get(address).content.decode() for address in addresses]


@pytest.mark.parametrize("name", [RESEARCH, "调研（记录类型）", "fact:A12.studies"])
def test_a_record_of_a_linked_kind_cites_the_entered_clause(cast, sign_in, name):
    record = filed_by_office(cast.county, cast.places["320115"], hand_in=False)
    browser = sign_in(cast.county)
    document = published(cast.province)
    assert not any(document.title in page for page in pages(browser, record))
    point = link(cast, document, name)
    detail, edit, new, printed = pages(browser, record)
    assert all(SENTENCE in page and f"#{point.clause_id}" in page for page in (detail, edit, new))
    assert document.title in printed and document.number in printed


def test_other_kinds_and_retired_documents_are_not_cited(cast, sign_in):
    document = published(cast.province)
    link(cast, document, "ideology.lecture")
    lecture = filed(cast, "ideology.lecture")
    other = filed(cast, "ideology.campaign")
    browser = sign_in(cast.clerk)
    assert all(document.title in page or SENTENCE in page for page in pages(browser, lecture))
    assert not any(document.title in page or SENTENCE in page for page in pages(browser, other))
    actions.retire_document(acting_user=cast.province, document=document, reason="已有新文件。")
    assert not any(document.title in page or SENTENCE in page for page in pages(browser, lecture))


def test_each_clause_once_and_in_one_query(cast, django_assert_num_queries):
    document = published(cast.province)
    link(cast, document, "ideology.lecture")
    link(cast, document, "fact:B01.sessions")
    with django_assert_num_queries(1):
        codes = [(clause.code, clause.citation) for clause in clauses_of(kind_by_slug("ideology.lecture"))]
    assert len(codes) == len(set(codes)) == 1, "no policy texts are loaded here"
