"""The page of roles says what the rules say."""

import pytest

from backoffice.views.roles import rule_groups
from foundation.access.models import Role
from foundation.access.rules import all_rules

pytestmark = pytest.mark.django_db


def test_every_rule_is_listed_with_its_roles_and_in_words():
    lines = [line for _room, group in rule_groups() for line in group]
    assert len(lines) == len(all_rules())
    held = {(line.label, role.value) for line in lines for role, yes in zip(Role, line.allowed, strict=True) if yes}
    assert held == {(str(rule.label), role) for rule in all_rules().values() for role in rule.roles}
    for room, _group in rule_groups():
        assert not room.isascii(), f"{room}: a room without Chinese words"


def test_offices_and_overseers_read_it(cast, sign_in):
    page = sign_in(cast.county).get("/roles/").content.decode()
    assert "审核记录" in page and "县级产改办" in page and "由谁授予和管理" in page
    assert sign_in(cast.clerk).get("/roles/").status_code == 403
