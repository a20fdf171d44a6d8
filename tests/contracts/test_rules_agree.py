"""The two faces of every access rule agree: the rows it lets through are the objects it gives no reason against."""

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models

from foundation.access.models import Role
from foundation.access.rules import all_rules, verdict, where
from foundation.accounts.models import User
from tests.contracts.world import World, make_many, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.sweep]


@pytest.fixture
def world(db) -> World:
    made = make_world()
    make_many(made)
    return made


def people_of(world: World) -> dict[str, User | AnonymousUser | None]:
    """Everybody, read afresh, as a request would; and nobody."""
    return {
        **{name: User.objects.get(pk=person.pk) for name, person in world.people.items()},
        "anonymous": AnonymousUser(),
        "system": None,
    }


def objects_of(model: type[models.Model]) -> list[models.Model]:
    """Every row there is, whoever may see it, with the relations a page would have read."""
    relations = [field.name for field in model._meta.concrete_fields if field.is_relation]
    return list(model._base_manager.select_related(*relations))


def test_rows_and_reasons_agree(world):
    people, problems, silent = people_of(world), [], []
    for name, rule in all_rules().items():
        if not rule.model:
            continue
        model = apps.get_model(rule.model)
        objects = objects_of(model)
        if not objects:
            silent.append(f"{name}: no {rule.model} was made, so nothing was compared")
        let_through = 0
        for who, person in people.items():
            rows = set(model._base_manager.filter(where(person, name)).values_list("pk", flat=True))
            allowed = {obj.pk for obj in objects if verdict(person, name, obj)}
            let_through += len(rows)
            problems += [
                f"{name}: {who} is shown {rule.model} {pk}, but the reasons refuse it" for pk in rows - allowed
            ]
            problems += [f"{name}: {who} is not shown {rule.model} {pk}, without a reason" for pk in allowed - rows]
        if objects and not let_through:
            silent.append(f"{name}: nobody may do it to anything, so only refusals were compared")
    assert not problems, "\n".join(problems)
    assert not silent, "\n".join(silent)


def test_every_refusal_has_words(world):
    """A verdict against somebody says why, in a sentence."""
    people = people_of(world)
    for name, rule in all_rules().items():
        for who in ("clerk", "neighbour", "auditor", "admin", "anonymous"):
            answers = [verdict(people[who], name)]
            if rule.model:
                answers += [verdict(people[who], name, obj) for obj in objects_of(apps.get_model(rule.model))]
            for answer in answers:
                assert answer or (answer.reason and answer.reason.endswith("。")), (name, who, answer)


def test_a_role_the_rule_does_not_name_may_nothing(world):
    people = people_of(world)
    for name, rule in all_rules().items():
        assert rule.roles, f"{name} names no role"
        assert set(rule.roles) <= set(Role.values), f"{name} names a role that does not exist"
        for who in sorted(set(Role.values) - set(rule.roles)):
            assert not verdict(people[who], name), f"{name}: {who} is let through without being named"
            if rule.model:
                assert not apps.get_model(rule.model)._base_manager.filter(where(people[who], name)).exists(), (
                    name,
                    who,
                )
