"""Insurance, labour contracts, arrears and disputes: what a no says, what is asked, what stands as a breach."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from foundation.calendar.periods import Quarter
from indicators.fill import catch_up
from indicators.queries import figures
from records.models import Record, Status
from rights.models import INSURED
from tests.rights.filing import approve, breaches, filed, found_in, hand_in

pytestmark = pytest.mark.django_db

INSURANCE, CONTRACTS, RELATIONS = "rights.insurance", "rights.labourcontract", "rights.relations"


def test_everybody_insured_is_one_answer(cast):
    """The five numbers are the number of all, whatever else was sent for them."""
    record = filed(cast, INSURANCE, due=180, all_insured=True, pension=3)
    assert [getattr(record, name) for name in INSURED] == [180] * 5
    assert not breaches(cast, record)
    approve(cast, record)
    catch_up()
    shown = figures(cast.places["3201"], Quarter.current())
    assert [shown[f"E09.{name}"].value for name in ("due", *INSURED, "everybody")] == [180] * 6 + [1]


def test_who_is_not_insured_stands_as_a_breach(cast):
    numbers = {"pension": 175, "medical": 178, "unemployment": 175, "injury": 185, "fund": None}
    record = filed(cast, INSURANCE, due=180, all_insured=False, **numbers)
    asked = hand_in(cast, record)
    assert any("没有全员参加五险一金" in words and "第8条" in words for words in asked)
    assert any("工伤保险参保" in words and "超过了" in words for words in asked)
    assert found_in(record) == {"all_insured": ("W01", False), "fund": ("W01", True)}


def test_numbers_that_contradict_the_answer_are_refused(cast):
    with pytest.raises(ValidationError, match="五项人数都达到了应参保职工（180 人）"):
        filed(cast, INSURANCE, due=180, all_insured=False, **dict.fromkeys(INSURED, 180))
    with pytest.raises(ValidationError, match="超过了“应参保职工”"):
        filed(cast, INSURANCE, due=180, all_insured=False, **{**dict.fromkeys(INSURED, 170), "fund": 181})


def test_no_supplement_covers_nobody(cast):
    assert filed(cast, INSURANCE, has_supplement=False, supplemented=20).supplemented == 0


def test_no_supplement_named_is_unknown(cast):
    assert filed(cast, INSURANCE, has_supplement=None, supplemented=20).supplemented is None


def test_more_contracts_signed_than_due_is_refused(cast):
    with pytest.raises(ValidationError, match="超过了“应签劳动合同职工”"):
        filed(cast, CONTRACTS, due=100, signed=101)


def test_problems_are_asked_only_where_somebody_looks_for_them(cast):
    record = filed(cast, CONTRACTS, has_supervision=False, found=4, rectified=4)
    assert (record.found, record.rectified) == (None, None)


def test_a_contracts_return_tells_of_the_year_before(cast):
    record = filed(cast, CONTRACTS, due=100, signed=95, has_supervision=True, found=6, rectified=5)
    assert record.period == str(Quarter.current().year - 1)
    hand_in(cast, record)
    approve(cast, record)
    catch_up()
    shown = figures(cast.places["3201"], Quarter.current())
    codes = ("E08.due", "E08.signed", "F14.supervision", "F14.found", "F14.mended")
    assert [shown[code].value for code in codes] == [100, 95, 1, 6, 5]


def test_a_quarter_without_arrears_is_a_zero(cast):
    record = filed(cast, RELATIONS, has_arrears=False, in_arrears=7, disputes=0, taken_up=0, referred=0)
    assert (record.in_arrears, record.arrears, record.unpaid) == (0, 0, 0)
    assert not breaches(cast, record)
    approve(cast, record)
    catch_up()
    shown = figures(cast.places["3201"], Quarter.current())
    assert [shown[code].value for code in ("E11.firms", "E11.people", "E11.unpaid", "F07.arisen")] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("in_time", "found"), [(3, {}), (2, {"in_time": ("R40", False)}), (None, {"in_time": ("R40", True)})]
)
def test_mediation_ends_within_fifteen_days(cast, in_time, found):
    record = filed(cast, RELATIONS, disputes=3, taken_up=3, in_time=in_time, succeeded=2, referred=1)
    assert breaches(cast, record) == found


def test_more_taken_up_than_arose_is_asked_about(cast):
    """It may have arisen in the quarter before; what succeeded was taken up."""
    record = filed(cast, RELATIONS, disputes=1, taken_up=2, in_time=2, succeeded=2, referred=0)
    assert any("超过了“本季发生劳动争议”" in words for words in hand_in(cast, record))
    with pytest.raises(ValidationError, match="超过了“内部调解受理”"):
        filed(cast, RELATIONS, disputes=3, taken_up=2, in_time=2, succeeded=3)


def test_the_form_of_a_quiet_quarter_takes_two_answers(cast, sign_in):
    clerk = sign_in(cast.clerk)
    address = reverse("records:create", args=[RELATIONS])
    page = clerk.get(address).content.decode()
    assert 'data-show-when="has_arrears=true"' in page and "没有发生争议的，只填一个 0。" in page
    period = Quarter.current().code
    sent = {"period": period, "has_arrears": "false", "disputes": "0", "do": "submit"}
    assert clerk.post(address, sent).status_code == 302
    record = Record.objects.get()
    assert (record.status, record.period) == (Status.SUBMITTED, period)
