"""State-owned, other and leading enterprises are each asked their own part of the return on responsibility."""

import pytest
from django.core.exceptions import ValidationError

from enterprises.models import Cluster, ClusterKind, ClusterMember, Part
from records.core.forms import RecordForm
from records.core.kinds import kind_by_slug
from tests.services.filing import file_it, refusal

pytestmark = pytest.mark.django_db
KIND = "services.responsibility"


def asked_of(enterprise) -> set[str]:
    return set(RecordForm(kind=kind_by_slug(KIND), filer=enterprise).fields) & set(kind_by_slug(KIND).fields)


def test_each_is_asked_its_own_part(cast):
    chain = Cluster.objects.create(
        kind=ClusterKind.CHAIN, name="示例产业链", place=cast.places["32"], province=cast.places["32"]
    )
    ClusterMember.objects.create(cluster=chain, enterprise=cast.gulou_enterprise, part=Part.HEAD)
    ClusterMember.objects.create(cluster=chain, enterprise=cast.enterprise, part=Part.MEMBER)
    assert asked_of(cast.enterprise) == {"has_report", "summary"}
    assert asked_of(cast.second_enterprise) == {"is_assessed", "summary"}
    assert asked_of(cast.gulou_enterprise) == {"has_report", "led_enterprises", "times_shared", "summary"}


def test_the_other_sorts_part_is_refused(cast):
    with pytest.raises(ValidationError) as caught:
        file_it(cast, KIND, is_assessed=False)
    assert "由国有企业填写" in caught.value.message_dict["is_assessed"][0]
    with pytest.raises(ValidationError) as caught:
        file_it(cast, KIND, of="second_enterprise", by="second_clerk", has_report=True)
    assert "由非国有企业填写" in caught.value.message_dict["has_report"][0]


def test_no_is_an_answer_and_silence_is_none(cast):
    silent = file_it(cast, KIND, has_report=None, led_enterprises=None, times_shared=None, summary="")
    assert list(refusal(cast, silent)) == ["__all__"]
