"""Numbers in sentences have their commas, years and everything else stay as they are."""

import pytest

from foundation.saying import filled, in_marks


@pytest.mark.parametrize(
    ("message", "values", "said"),
    [
        ("应到 %(all)d 人，实到 %(some)d 人", {"all": 12000, "some": 999}, "应到 12,000 人，实到 999 人"),
        ("%d 条记录", 1234567, "1,234,567 条记录"),
        ("%s有 %d 家", ("2026年", 1500), "2026年有 1,500 家"),
        ("%(year)d 年度 %(count)d 项，占 5%%", {"year": 2026, "count": 2026}, "2026 年度 2,026 项，占 5%"),
        ("%(code)s 有 %(count)d 行", {"code": 1000, "count": 1000}, "1000 有 1,000 行"),
    ],
)
def test_counts_are_written_with_commas(message, values, said):
    assert filled(message, values) == said


def test_a_value_too_many_is_a_mistake():
    with pytest.raises(ValueError, match="argument"):
        filled("%d 条", (1, 2))


def test_a_title_with_marks_of_its_own() -> None:
    assert in_marks("“送温暖”活动") == "“‘送温暖’活动”" and in_marks("一课") == "“一课”"
