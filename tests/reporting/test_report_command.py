"""``manage.py report``: files without web and worker, one clear line when it cannot."""

import json

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from foundation.calendar.periods import Quarter

QUARTER = Quarter.current().previous().code


def test_it_writes_every_face(cast, tmp_path, capsys):
    paths = {face: tmp_path / f"季报.{face}" for face in ("pdf", "xlsx", "docx", "json")}
    options = {face: path for face, path in paths.items() if face != "pdf"}
    call_command("report", "quarterly", region="32", quarter=QUARTER, output=paths["pdf"], **options)
    assert paths["pdf"].read_bytes().startswith(b"%PDF-1.7")
    assert load_workbook(paths["xlsx"]).sheetnames[0] == "总体"
    assert json.loads(paths["json"].read_text("utf-8"))["region"]["code"] == "32"
    assert capsys.readouterr().out.splitlines() == [str(path) for path in paths.values()]
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"region": "99"}, "找不到地区代码“99”"),
        ({"quarter": "2026-3"}, "季度“2026-3”无法识别"),
        ({"quarter": "2099Q1"}, "还没有开始"),
        ({"output": "/nowhere/at/all.pdf"}, "不能写入 /nowhere/at/all.pdf"),
    ],
)
def test_it_says_in_one_line_what_is_wrong(cast, tmp_path, changes, message):
    given = {"region": "32", "quarter": QUARTER, "output": str(tmp_path / "a.pdf"), **changes}
    with pytest.raises(CommandError, match=message) as refused:
        call_command("report", "quarterly", *(f"--{name}={value}" for name, value in given.items()))
    assert "\n" not in str(refused.value)
    assert not list(tmp_path.iterdir())
