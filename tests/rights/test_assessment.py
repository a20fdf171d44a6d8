"""Assessments of the risks of employment, and the grades that the province keeps."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from foundation.calendar.periods import Quarter
from foundation.crud.resource import resource_by_key
from indicators.fill import catch_up
from indicators.queries import figures
from records.core.forms import RecordForm
from records.core.kinds import kind_by_slug
from rights.models import RiskGrade
from tests.rights.filing import approve, filed, hand_in

pytestmark = pytest.mark.django_db

KIND, LIST = "rights.riskassessment", "/rights/risk-grades/"


def asked(cast) -> list[str]:
    return list(RecordForm(kind=kind_by_slug(KIND), filer=cast.enterprise).fields)


def test_grades_are_asked_once_the_province_has_some(cast, sign_in):
    assert not RiskGrade.objects.exists() and "grade" not in asked(cast)
    province = sign_in(cast.province)
    assert "没有登记之前，企业填报时不问等级" in province.get(LIST).content.decode()
    values = {"code": "low", "name": "示例等级", "order": 1, "is_active": "on"}
    assert province.post(f"{LIST}new/", values).status_code == 302
    form = RecordForm(kind=kind_by_slug(KIND), filer=cast.enterprise)
    assert [str(choice[1]) for choice in form.fields["grade"].choices] == ["请选择", "示例等级"]
    record = filed(cast, KIND, grade=RiskGrade.objects.get())
    assert str(record.grade) == "示例等级"
    for name in ("clerk", "county", "city", "admin"):
        assert sign_in(getattr(cast, name)).get(LIST).status_code == 403


def test_an_assessment_stands_for_its_year(cast):
    year = Quarter.current().year - 1
    for wrong in (year + 1, year - 1):
        with pytest.raises(ValidationError, match=f"不在{year}年"):
            filed(cast, KIND, assessed_on=datetime.date(wrong, 1, 31))
    with pytest.raises(ValidationError, match="超过了“风险点”"):
        filed(cast, KIND, points=3, rectified=4)
    record = filed(cast, KIND, assessed_on=datetime.date(year, 6, 1), way="service", points=8, rectified=6)
    hand_in(cast, record)
    approve(cast, record)
    catch_up()
    shown = figures(cast.places["3201"], Quarter.current())
    codes = ("F08.assessed", "F08.by_service", "F08.points", "F08.mended")
    assert [shown[code].value for code in codes] == [1, 1, 8, 6]


def test_grades_are_counted_by_their_place_in_the_list(cast):
    resource = resource_by_key("rights.risk_grades")
    low = {"code": "low", "name": "示例低等级", "order": 1, "is_settled": True, "is_active": True}
    grade = resource.save(acting_user=cast.province, values=low)
    record = filed(cast, KIND, grade=grade)
    hand_in(cast, record)
    approve(cast, record)
    catch_up()
    places = ("F08.grade1", "F08.grade2")
    shown = figures(cast.places["3201"], Quarter.current())
    assert [shown[code].value for code in places] == [1, 0]
    resource.save(acting_user=cast.province, row=grade, values={**low, "order": 2})
    catch_up()
    shown = figures(cast.places["3201"], Quarter.current())
    assert [shown[code].value for code in places] == [0, 1]
