"""Encrypted fields: what the database holds, keys that change, values that were touched, and keys that are missing."""

import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models
from django.db.models import F, Q
from django.test.utils import isolate_apps

from foundation.crypto.cipher import UnreadableValue, decrypt, encrypt
from foundation.crypto.fields import EncryptedJSONField, EncryptedTextField
from foundation.crypto.keyring import BadKeyring, keyring_from_file, parse_keyring

FIRST, SECOND, OTHER = bytes(range(32)), bytes(range(32, 64)), b"\x07" * 32
NUMBER = "320102199001011234"
TABLE = "crypto_test_person"


@pytest.fixture(autouse=True)
def _one_key(settings) -> None:
    settings.CRYPTO_KEYS = {1: FIRST}


@pytest.fixture
def person() -> Iterator[type[models.Model]]:
    """A model of this test's own; its table goes with the test's transaction."""
    with isolate_apps("foundation.places"):

        class Person(models.Model):  # noqa: DJ008 -- nobody reads it
            number = EncryptedTextField(null=True)
            answers = EncryptedJSONField(null=True)

            class Meta:
                app_label = "places"
                db_table = TABLE

        key = "bigserial PRIMARY KEY" if connection.vendor == "postgresql" else "integer PRIMARY KEY AUTOINCREMENT"
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {TABLE} (id {key}, number text NULL, answers text NULL)")
        yield Person
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {TABLE}")


def stored(column: str) -> list[str | None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {TABLE} ORDER BY id")  # noqa: S608 -- names of this file
        return [row[0] for row in cursor.fetchall()]


def overwrite(column: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {TABLE} SET {column} = %s", [value])  # noqa: S608 -- names of this file


# --- the model --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_values_come_back_as_they_went_in(person) -> None:
    answers = {"姓名": "张三", "days": [1, 2.5, None, True], "nested": {"": ""}}
    row = person.objects.create(number=NUMBER, answers=answers)
    again = person.objects.get(pk=row.pk)
    assert (again.number, again.answers) == (NUMBER, answers)
    assert list(person.objects.values_list("number", "answers")) == [(NUMBER, answers)]
    assert person.objects.annotate(copy=F("number")).get().copy == NUMBER

    again.number = "\x00 零字节与 😀"
    again.save()
    assert person.objects.get().number == "\x00 零字节与 😀"
    person.objects.update(number="甲")
    assert person.objects.get().number == "甲"
    person.objects.bulk_create([person(number=str(n), answers=date(2026, 9, 30)) for n in range(3)])
    rows = list(person.objects.order_by("pk"))
    assert [r.number for r in rows] == ["甲", "0", "1", "2"] and rows[-1].answers == "2026-09-30"
    for r in rows:
        r.number = f"{r.number}!"
    person.objects.bulk_update(rows, ["number"])
    assert [r.number for r in person.objects.order_by("pk")] == ["甲!", "0!", "1!", "2!"]


@pytest.mark.django_db
def test_nothing_and_empty_are_kept_apart(person) -> None:
    person.objects.bulk_create([person(number=None, answers=None), person(number="", answers={}), person(answers=[])])
    assert [(r.number, r.answers) for r in person.objects.order_by("pk")] == [(None, None), ("", {}), (None, [])]
    assert stored("number")[0] is None and stored("number")[1]
    assert person.objects.filter(number__isnull=True).count() == 2


@pytest.mark.django_db
def test_the_database_holds_no_plain_value_and_no_pattern(person) -> None:
    for _ in range(2):
        person.objects.create(number=NUMBER, answers={"id": NUMBER})
    values = [*stored("number"), *stored("answers")]
    assert all(value.startswith("1:") and NUMBER not in value for value in values)
    assert len(set(values)) == 4, "equal values must not look equal"


@pytest.mark.django_db(transaction=True)
def test_the_database_file_holds_no_plain_value(person) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's files are the server's; what its columns hold is tested above")
    person.objects.create(number=NUMBER, answers={"id": NUMBER})
    name = Path(connection.settings_dict["NAME"])
    files = [path for path in (name, name.with_name(f"{name.name}-wal")) if path.exists()]
    content = b"".join(path.read_bytes() for path in files)
    assert TABLE.encode() in content and stored("number")[0].encode() in content
    assert NUMBER.encode() not in content


@pytest.mark.django_db
def test_an_encrypted_column_is_not_searched(person) -> None:
    for condition in (Q(number=NUMBER), Q(number__contains="3"), Q(number__in=["1"]), Q(answers__id="1")):
        with pytest.raises(FieldError):
            list(person.objects.filter(condition))
    with pytest.raises(FieldError, match="unique"):
        EncryptedTextField(unique=True)


def test_a_migration_writes_the_field_down() -> None:
    field = EncryptedTextField("身份证号", null=True, context="people.number")
    _name, path, args, kwargs = field.deconstruct()
    assert path == "foundation.crypto.fields.EncryptedTextField"
    assert kwargs == {"verbose_name": "身份证号", "null": True, "context": "people.number"}
    assert EncryptedTextField(*args, **kwargs).context == "people.number"
    assert "context" not in EncryptedJSONField().deconstruct()[3]


# --- keys -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_further_key_encrypts_and_the_earlier_one_still_reads(person, settings) -> None:
    person.objects.create(number="old")
    settings.CRYPTO_KEYS = {1: FIRST, 2: SECOND}
    person.objects.create(number="new")
    assert [value.partition(":")[0] for value in stored("number")] == ["1", "2"]
    assert [r.number for r in person.objects.order_by("pk")] == ["old", "new"]
    settings.CRYPTO_KEYS = {2: SECOND}
    with pytest.raises(UnreadableValue, match=f"{TABLE}.number.*key number 1.*PORTAL_CRYPTO_KEYS"):
        person.objects.order_by("pk").first()


@pytest.mark.django_db
def test_a_wrong_key_is_an_error_and_never_text(person, settings) -> None:
    person.objects.create(number=NUMBER)
    settings.CRYPTO_KEYS = {1: OTHER}
    with pytest.raises(UnreadableValue) as refused:
        person.objects.get()
    assert NUMBER not in str(refused.value) and OTHER.hex() not in str(refused.value)


@pytest.mark.django_db
def test_a_changed_or_plain_value_is_refused(person) -> None:
    person.objects.create(number=NUMBER, answers={"a": 1})
    [whole] = stored("number")
    middle = len(whole) // 2
    flipped = whole[:middle] + ("A" if whole[middle] != "A" else "B") + whole[middle + 1 :]
    for value in (flipped, whole[:-6], whole[:4], "1:", f"2:{whole[2:]}", NUMBER, "", f" {whole}"):
        overwrite("number", value)
        with pytest.raises(UnreadableValue):
            person.objects.get()
    overwrite("number", stored("answers")[0])
    with pytest.raises(UnreadableValue, match="another column"):
        person.objects.get()


def test_a_value_is_bound_to_its_context() -> None:
    value = encrypt("甲", context="workers.number")
    assert decrypt(value, context="workers.number") == "甲"
    with pytest.raises(UnreadableValue):
        decrypt(value, context="workers.card")


# --- the ring ---------------------------------------------------------------------------------------


def test_a_ring_is_read_from_text() -> None:
    assert parse_keyring(f" 1:{FIRST.hex()}, 12:{SECOND.hex()} ", "test") == {1: FIRST, 12: SECOND}
    assert parse_keyring(f"1:{FIRST.hex()}\n\n2:{SECOND.hex()}\n", "test") == {1: FIRST, 2: SECOND}


@pytest.mark.parametrize(
    "text",
    ["", " , ", FIRST.hex(), f"0:{FIRST.hex()}", f"-1:{FIRST.hex()}", f"one:{FIRST.hex()}", "1:abcd", "1:" + "g" * 64],
)
def test_a_ring_that_cannot_be_used_says_where_and_shows_no_key(text: str) -> None:
    with pytest.raises(BadKeyring, match="PORTAL_CRYPTO_KEYS") as refused:
        parse_keyring(text, "PORTAL_CRYPTO_KEYS")
    assert FIRST.hex() not in str(refused.value)


def test_a_number_given_twice_is_refused() -> None:
    with pytest.raises(BadKeyring, match="number 1 stands there twice"):
        parse_keyring(f"1:{FIRST.hex()},1:{SECOND.hex()}", "test")


def test_the_key_file_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "crypto-keys"
    ring = keyring_from_file(path)
    assert list(ring) == [1] and keyring_from_file(path) == ring
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_processes_that_start_at_once_agree_on_the_key(tmp_path: Path) -> None:
    path = tmp_path / "crypto-keys"
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(keyring_from_file, [path] * 16))
    assert len({ring[1] for ring in rings}) == 1
    assert list(tmp_path.iterdir()) == [path]
