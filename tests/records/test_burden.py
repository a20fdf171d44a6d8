"""What rules ask of enterprises: the estimate by its stated rule, shown before a rule is made, and the questions of the year
that say what an enterprise is not asked at all."""

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse

from enterprises.models import Enterprise, PilotTier
from foundation.access.rules import AccessDenied
from foundation.calendar.periods import Quarter, Year
from foundation.refusals import NeedsConfirmation, Refused
from records.core.kinds import kind_by_slug
from records.duties.actions import answer_applicability, owing
from records.duties.burden import PILOT, PROFILES, Profile, added_by, burden_of, weight_of
from records.duties.calendar import save_duty_rule
from records.duties.models import Applicability, Circumstance
from records.models import Duty, DutyRule

pytestmark = pytest.mark.django_db
PARTY, LEADERSHIP, CONGRESS = "ideology.partydevelopment", "services.leadership", "rights.congresssession"
YES = dict.fromkeys(Circumstance.values, True)


def test_a_return_weighs_what_the_rule_says():
    """Three counts that must be filled; a count, a text and a day that may be: 20 + 4 × 25 + 90 + 12 seconds."""
    party = weight_of(kind_by_slug(PARTY))
    assert (party.fields, party.further, party.conditional, party.seconds) == (3, 3, 0, 222)
    leadership = weight_of(kind_by_slug(LEADERSHIP))
    assert leadership.conditional == len(kind_by_slug(LEADERSHIP).shown_when) > 0


def test_a_profile_owes_what_the_register_s_enterprise_of_its_sort_owes(cast):
    """The weighing in memory and the register's own condition agree."""
    conditions = [
        {},
        {"tiers": [PilotTier.CITY]},
        {"tiers": [PilotTier.NONE]},
        {"ownerships": ["state"]},
        {"sizes": ["medium"]},
        {"industries": ["C"]},
        {"industries": ["B"]},
        {"headcount_from": 200},
        {"headcount_from": 201},
        {"headcount_to": 199},
        {"has_party_organisation": True},
        {"has_party_organisation": False},
        {"in_chain": True},
        {"in_chain": False},
        {"in_chain": True, "leads_chain": True},
    ]
    enterprise = cast.enterprise
    profile = Profile("", enterprise.pilot_tier, enterprise.ownership, enterprise.size, "C", 200, True)
    said = []
    for values in conditions:
        rule = DutyRule(kind=PARTY, **values)
        mine = owing(rule, Quarter.current().code).filter(pk=enterprise.pk).exists()
        assert profile.owes(rule) == mine, values
        said.append(mine)
    assert True in said and False in said


def test_a_quarter_counts_quarterly_returns_and_a_year_everything():
    rules = [DutyRule(kind=PARTY), DutyRule(kind=PARTY, tiers=[PILOT.tier]), DutyRule(kind=LEADERSHIP)]
    found = burden_of(PILOT, rules)
    left_out = kind_by_slug(PARTY).not_asked(PILOT.as_enterprise())
    party, leadership = weight_of(kind_by_slug(PARTY), left_out), weight_of(kind_by_slug(LEADERSHIP))
    # A private firm is not asked about teams without party members: three counts.
    assert (party.fields, party.further, party.seconds) == (3, 0, 95)
    assert [line.kind.slug for line in found.lines] == [PARTY, LEADERSHIP]
    assert found.year_returns == 5
    assert found.quarter_minutes == round(Decimal(party.seconds) / 60, 1)
    assert found.year_minutes == round(Decimal(4 * party.seconds + leadership.seconds) / 60, 1)


def test_a_rule_shows_what_it_adds_before_it_is_made(cast, sign_in):
    with pytest.raises(NeedsConfirmation) as asked:
        save_duty_rule(acting_user=cast.province, kind=PARTY)
    assert not asked.value.needs_reason and not DutyRule.objects.exists()
    assert len(asked.value.questions) == len(PROFILES)
    assert "每季度 0.0 →" in str(asked.value)
    # On the page: nothing is lost, and the second time it is made.
    province, data = sign_in(cast.province), {"kind": PARTY, "is_active": "on", "headcount_from": "100"}
    first = province.post(reverse("backoffice:rule_add"), data)
    assert first.status_code == 409 and "会增加的填报量" in first.content.decode()
    assert 'value="100"' in first.content.decode()
    keys = [question.key for question in first.context["asked"].questions]
    assert province.post(reverse("backoffice:rule_add"), {**data, "confirmed": keys}).status_code == 302
    assert DutyRule.objects.get().headcount_from == 100


def test_beyond_thirty_minutes_a_pilot_s_quarter_takes_a_reason(cast, monkeypatch):
    monkeypatch.setattr("records.duties.burden.MOST_MINUTES", 1)
    with pytest.raises(NeedsConfirmation) as asked:
        save_duty_rule(acting_user=cast.province, kind=PARTY)
    assert asked.value.needs_reason and "请写明必须增加的原因" in str(asked.value)
    with pytest.raises(NeedsConfirmation):
        save_duty_rule(acting_user=cast.province, kind=PARTY, confirmed=asked.value.keys)
    rule = save_duty_rule(
        acting_user=cast.province, kind=PARTY, confirmed=asked.value.keys, reason="省委组织部要求按季汇总。"
    )
    assert rule.is_active
    # What is owed already adds nothing and is not asked about again.
    assert not added_by(DutyRule(kind=PARTY, tiers=[PilotTier.CITY])).questions


def test_who_said_no_owes_nothing_of_it_and_who_says_yes_does(cast):
    rule = DutyRule.objects.create(kind=PARTY, only_if=Circumstance.PATENTS)
    year, quarter = Year.current(), Quarter.current()
    assert not owing(rule, quarter.code).exists()
    answer_applicability(acting_user=cast.clerk, enterprise=cast.enterprise, year=year, answers=YES)
    assert set(owing(rule, quarter.code)) == {cast.enterprise}
    assert Duty.objects.filter(enterprise=cast.enterprise, kind=PARTY, period=quarter.code).exists()
    answers = {**YES, Circumstance.PATENTS: False}
    answer_applicability(acting_user=cast.lead, enterprise=cast.enterprise, year=year, answers=answers)
    assert not Duty.objects.filter(enterprise=cast.enterprise, kind=PARTY).exists()
    assert Applicability.objects.get().closed == {Circumstance.PATENTS}


def test_a_closed_question_leaves_what_another_rule_asks_and_what_was_handed_in(cast):
    DutyRule.objects.create(kind=PARTY, only_if=Circumstance.RISK)
    DutyRule.objects.create(kind=PARTY, tiers=[cast.enterprise.pilot_tier])
    answer_applicability(acting_user=cast.clerk, enterprise=cast.enterprise, year=Year.current(), answers=YES)
    none = dict.fromkeys(Circumstance.values, False)
    answer_applicability(acting_user=cast.clerk, enterprise=cast.enterprise, year=Year.current(), answers=none)
    assert Duty.objects.filter(enterprise=cast.enterprise, kind=PARTY).exists()


def test_the_questions_are_all_answered_by_the_enterprise_itself(cast):
    some = {**YES, Circumstance.RISK: None}
    with pytest.raises(Refused, match="开展劳动用工风险评估"):
        answer_applicability(acting_user=cast.clerk, enterprise=cast.enterprise, year=Year.current(), answers=some)
    for stranger in (cast.county, cast.neighbour, cast.auditor):
        with pytest.raises(AccessDenied):
            answer_applicability(acting_user=stranger, enterprise=cast.enterprise, year=Year.current(), answers=YES)


def test_a_new_portal_starts_with_the_rules_and_one_at_work_is_proposed_them(cast, sign_in):
    from backoffice.reference import DEFAULT_DUTY_RULES, load_duty_rules

    assert load_duty_rules().created == len(DEFAULT_DUTY_RULES)
    assert DutyRule.objects.filter(is_active=True).count() == len(DEFAULT_DUTY_RULES)
    assert load_duty_rules().created == 0
    DutyRule.objects.all().delete()
    own = DutyRule.objects.create(kind=LEADERSHIP, tiers=DEFAULT_DUTY_RULES["leadership"]["tiers"])
    done = load_duty_rules()
    own.refresh_from_db()
    assert own.code == "leadership" and done.created == len(DEFAULT_DUTY_RULES) - 1
    assert not DutyRule.objects.exclude(pk=own.pk).exclude(is_active=False, is_proposed=True).exists()
    assert not Duty.objects.exclude(kind=LEADERSHIP).exists()
    province = sign_in(cast.province)
    assert "建议的应报规则" in province.get(reverse("backoffice:quarters")).content.decode()
    left, taken = DutyRule.objects.get(code="congress"), DutyRule.objects.get(code="party")
    province.post(reverse("backoffice:rule_toggle", args=[left.pk]), {"do": "leave"})
    asked = province.post(reverse("backoffice:rule_toggle", args=[taken.pk]))
    assert asked.status_code == 409
    keys = [question.key for question in asked.context["asked"].questions]
    province.post(reverse("backoffice:rule_toggle", args=[taken.pk]), {"confirmed": keys})
    left.refresh_from_db()
    taken.refresh_from_db()
    assert (left.is_active, left.is_left, taken.is_active, taken.is_proposed) == (False, True, True, False)
    assert load_duty_rules().created == 0


def test_the_page_and_the_command_say_the_same(cast, sign_in, capsys):
    DutyRule.objects.create(kind=PARTY)
    page = sign_in(cast.province).get(reverse("backoffice:burden")).content.decode()
    call_command("burden")
    printed = capsys.readouterr().out
    for profile in PROFILES:
        found = burden_of(profile, [DutyRule(kind=PARTY)])
        assert str(profile.label) in page and str(profile.label) in printed
        assert f"约 {found.quarter_minutes} 分钟" in page and f"约 {found.quarter_minutes} 分钟" in printed
    for stranger in (cast.city, cast.county, cast.clerk, cast.admin):
        assert sign_in(stranger).get(reverse("backoffice:burden")).status_code == 403
    assert Enterprise.objects.exists()
