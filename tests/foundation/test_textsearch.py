"""Parts of words are found as ``LIKE`` finds them, by an index that may never hide a row."""

import pytest
from django.db import connection, models
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enterprises.models import Enterprise, searched_for
from foundation.accounts.models import ACCOUNT_NAMES, User
from foundation.places.actions import save_place
from foundation.places.models import PLACE_NAMES, Level, Place
from foundation.textsearch import embedded, indexes
from foundation.textsearch.grams import grams, grams_of_word, initial_of_word, token, tokens
from foundation.textsearch.indexes import HoldsGrams, TextIndex, keys_of_each, register_text_index
from records.core.models.record import TITLES
from records.models import Record
from tests.cast import make_enterprise
from tests.contracts.world import filed

pytestmark = pytest.mark.django_db

#: Names as they occur, and as nobody expects them.
NAMES = (
    "江宁示例机械有限公司",
    "示例（江宁）电气",
    "100%国产_化",
    "a_b%c\\d'e\"f",
    "ABCabc 123",
    "ＡＢＣ全角１２３",
    "𠮷野家𡈽木",
    "Éclair résumé ßtraße",
    "İstanbul ısı ſtop Kelvin",
    "ΣΊΣΥΦΟΣ ЁЛКА ёлка",
    "一",
    "囍",
    "机 械",
    "e\u0301toile",
    "é toile",
    "--'; DROP TABLE",
    "2026-Q3",
    "👷🏻工人",
)
LETTERS = [*sorted(set("".join(NAMES))), "劳", "动", "z", "Z", "ς"]


@pytest.fixture
def named(cast):
    """Places of odd names."""
    return [
        save_place(level=Level.ZONE, code=f"3201Z{number:03}", name=name, parent=cast.places["3201"])
        for number, name in enumerate(NAMES)
    ]


def plain(column: str, word: str) -> Q:
    return Q(**{f"{column}__icontains": word})


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(word=st.one_of(st.text(st.sampled_from(LETTERS), min_size=1, max_size=6), st.sampled_from(NAMES)))
def test_what_like_finds_is_found_and_nothing_else(named, word):
    assert set(Place.objects.filter(PLACE_NAMES.holding(word))) == set(Place.objects.filter(plain("name", word)))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_part_of_a_name_finds_it(named, data):
    place = data.draw(st.sampled_from(named))
    start = data.draw(st.integers(0, len(place.name) - 1))
    part = place.name[start : data.draw(st.integers(start + 1, len(place.name)))]
    assert place in Place.objects.filter(PLACE_NAMES.holding(part))


@pytest.mark.parametrize("word", ["江宁", "宁", "example", "示例机械有限公司", "%", "没有"])
def test_others_are_found_besides(named, word):
    first, last = named[0], named[-1]
    found = Place.objects.filter(PLACE_NAMES.holding(word, Q(pk=last.pk)))
    assert set(found) == set(Place.objects.filter(plain("name", word) | Q(pk=last.pk)))
    assert set(Place.objects.filter(PLACE_NAMES.containing(word, Q(pk=first.pk)))) == set(
        Place.objects.filter(plain("name", word) | Q(pk=first.pk))
    )


def uses_index(found: models.QuerySet) -> bool:
    sql = str(found.query)
    return "portal_grams" in sql or "MATCH" in sql


def test_one_character_and_two_use_the_index_and_odd_ones_do_without():
    for word in ("江", "江宁", "机械有限", "a", "%", "𠮷", "7"):
        assert uses_index(Place.objects.filter(PLACE_NAMES.holding(word))), word
    for word in ("é", "ßé", "Σς"):
        assert not uses_index(Place.objects.filter(PLACE_NAMES.holding(word))), word
    assert grams("abA一") == ["AB", "BA", "A一", "一"] and grams("") == []
    assert grams_of_word("机械é有限") == ["机械", "有限"] and grams_of_word("x") == []
    assert (initial_of_word("x"), initial_of_word("xy"), initial_of_word("ß")) == ("X", "", "")
    assert token("机械").startswith(token("机")) and tokens("ab", None, "") == f"{token('AB')} {token('B')}"


def test_the_index_follows_its_rows(cast):
    record = filed(cast.clerk, cast.enterprise, title="劳模宣讲")
    assert Record.objects.filter(TITLES.holding("模宣")).get().pk == record.pk
    Record.objects.filter(pk=record.pk).update(title="书屋揭牌", attendances=7)
    assert not Record.objects.filter(TITLES.holding("模宣")).exists()
    assert Record.objects.filter(TITLES.holding("屋揭")).exists()
    Record.objects.filter(pk=record.pk).update(attendances=8)
    assert Record.objects.filter(TITLES.holding("屋揭")).exists()
    User.objects.bulk_create([User(username=f"bulk{number}", full_name=f"欧阳{number}") for number in range(3)])
    assert User.objects.filter(ACCOUNT_NAMES.holding("欧阳")).count() == 3
    User.objects.filter(username="bulk1").delete()
    assert User.objects.filter(ACCOUNT_NAMES.holding("阳")).count() == 2
    assert User.objects.filter(ACCOUNT_NAMES.holding("LK2")).count() == 1


def test_through_a_relation(cast):
    found = Record.objects.filter(PLACE_NAMES.holding("江宁区", prefix="county__"))
    filed(cast.clerk, cast.enterprise)
    assert found.count() == 1
    assert Record.objects.filter(searched_for("示例机械", prefix="enterprise__")).count() == 1
    assert Record.objects.filter(searched_for("jnsl", prefix="enterprise__", is_common=True)).count() == 1
    assert not Record.objects.filter(searched_for("软件", prefix="enterprise__")).exists()


def test_a_word_of_very_many_enterprises_finds_their_records(cast, monkeypatch):
    """Beyond a limit the enterprises are not named one by one."""
    mine = filed(cast.clerk, cast.enterprise, title="甲")
    other = filed(cast.neighbour, cast.neighbour_enterprise, title="乙")
    few = set(Record.objects.search(["示例", "甲"])), set(Record.objects.search(["示例"]))
    monkeypatch.setattr(indexes, "_MOST_KEYS", 1)
    assert keys_of_each([Enterprise.objects.search("示例"), Enterprise.objects.search("园区")]) == [
        None,
        [cast.neighbour_enterprise.pk],
    ]
    assert few == (set(Record.objects.search(["示例", "甲"])), set(Record.objects.search(["示例"])))
    assert {record.pk for record in few[1]} == {mine.pk, other.pk} and keys_of_each([]) == []


def test_a_former_name_still_finds(cast, django_assert_num_queries):
    for number in range(3):
        make_enterprise(
            county=cast.places["320115"], name=f"江宁示例第{number}公司", code=f"9132011500000{number:04d}X"
        )
    searches = [Enterprise.objects.search(word) for word in ("江宁", "示例", "公司")]
    keys_of_each(searches)  # PostgreSQL's statistics are read once in a while, which may be now.
    with django_assert_num_queries(1):
        keys_of_each(searches)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite keeps its index by triggers")
def test_lost_triggers_come_back_with_what_was_missed(named):
    """Django rebuilds a table of SQLite to alter it; the triggers go with the old one."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER place_name_text_update")
    Place.objects.filter(pk=named[0].pk).update(name="改名以后")
    assert not Place.objects.filter(PLACE_NAMES.holding("改名")).exists()
    embedded.repair_all(using="default")
    assert Place.objects.filter(PLACE_NAMES.holding("改名")).get() == named[0]
    assert named[0] not in Place.objects.filter(PLACE_NAMES.holding("江宁示例机械"))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's statistics")
def test_of_common_pairs_the_rarest_is_asked_for(named, monkeypatch):
    def asked(word: str, shares: dict[str, float]) -> str:
        monkeypatch.setattr(indexes, "_common_grams", lambda *whatever: {0: shares})
        found = HoldsGrams(PLACE_NAMES, word, prefix="", columns=("name",))
        return found._query(connection, 0)

    assert asked("机械有", {"机械": 0.1, "械有": 0.05}) == "'械有'"
    assert asked("机械有", {"机械": 0.1}) == "'械有' & '械有'"
    assert asked("机械有", {}) == "'机械' & '械有'"
    assert asked("机械", {"机械": 0.5}) == ""
    assert asked("囍", {}) == "'囍':* & '囍':*" and asked("机", {"机械": 0.1}) == "'机':*"
    monkeypatch.setattr(indexes, "_common_grams", lambda *whatever: {0: {"机械": 0.5}})
    assert set(Place.objects.filter(PLACE_NAMES.holding("机械"))) == set(Place.objects.filter(plain("name", "机械")))


def test_a_name_is_taken_once():
    register_text_index(PLACE_NAMES)
    with pytest.raises(ValueError, match="twice"):
        register_text_index(TextIndex("place_name_text", "places_place", ("code",)))
