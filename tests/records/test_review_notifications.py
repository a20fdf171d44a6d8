"""Who is told what of a record's way through review."""

import pytest
from django.urls import reverse

from foundation.notify.models import Message
from records.core.bulk import move_records
from tests.contracts.world import filed

pytestmark = pytest.mark.django_db


def told(event: str) -> list[tuple[str, str, str]]:
    """(who, title, address)"""
    rows = Message.objects.filter(event=event).order_by("recipient__username")
    return list(rows.values_list("recipient__username", "title", "url"))


def test_one_return_names_the_record_and_leads_to_it(cast):
    record = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), (cast.county, "return"), title="班组安全课")
    address = reverse("records:detail", args=[record.pk])
    assert told("records.returned") == [("clerk", "“班组安全课”已退回", address)]
    assert Message.objects.get().text == "请核对人次。"


def test_a_whole_return_is_told_once_to_each_who_filed(cast):
    mine = [
        filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), title=f"第{n}场", speaker=f"讲{n}") for n in range(3)
    ]
    theirs = filed(cast.second_clerk, cast.second_enterprise, (cast.second_clerk, "submit"), title="别家的一场")
    ids = [record.pk for record in (*mine, theirs)]
    move_records(acting_user=cast.county, record_ids=ids, action="return", reason="请核对。")
    assert told("records.returned") == [
        ("clerk", "3 条记录已退回", "/records/?status=returned"),
        ("second_clerk", "“别家的一场”已退回", reverse("records:detail", args=[theirs.pk])),
    ]


def test_a_colleague_hears_of_what_is_handed_over_and_oneself_does_not(cast, sign_in):
    record = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"))
    county = sign_in(cast.county)
    county.post(reverse("records:review_assign", args=[record.pk]), {"assignee": "me"})
    assert told("records.assigned") == []
    county.post(reverse("records:review_assign", args=[record.pk]), {"assignee": cast.county_colleague.pk})
    assert [who for who, _title, _address in told("records.assigned")] == ["county_colleague"]


def test_an_approval_is_no_news(cast):
    filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), (cast.county, "approve"))
    assert not Message.objects.exists()
