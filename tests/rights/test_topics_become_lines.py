"""What sessions said of their topics in three fields, said in lines, and back."""

from importlib import import_module

import pytest

migration = import_module("rights.migrations.0007_topics_as_lines")


def line(topic: str, sort: str = "", votes_for: int | None = None, result: str = "") -> dict:
    return {"topic": topic, "sort": sort, "votes_for": votes_for, "result": result}


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        (
            (2, True, 40),
            [
                line("（第 1 项，当时没有逐项填写）", "approve", 40, "passed"),
                line("（第 2 项，当时没有逐项填写）"),
            ],
        ),
        ((None, False, 20), [line("", "approve", 20, "failed")]),
        ((1, None, None), [line("（第 1 项，当时没有逐项填写）")]),
        ((0, None, None), []),
        ((None, None, None), []),
    ],
)
def test_each_topic_that_was_counted_is_a_line_and_the_vote_stands_with_the_first(said, lines):
    made = migration._lines(*said)
    assert made == lines
    assert sum(1 for row in made if row["topic"]) == (said[0] or 0), "the figure of topics stays what it was"
    assert migration._from_lines(made) == {"topics": said[0] or None, "passed": said[1], "votes_for": said[2]}


def test_of_several_votes_the_three_fields_say_the_fewest_and_whether_all_passed():
    rows = [
        line("甲", "approve", 40, "passed"),
        line("乙", "approve", 31, "failed"),
        line("丙", "oversee", None, "considered"),
    ]
    assert migration._from_lines(rows) == {"topics": 3, "passed": False, "votes_for": 31}


def test_a_mistyped_number_makes_no_million_lines():
    assert len(migration._lines(2_000_000_000, None, None)) == migration.MOST
