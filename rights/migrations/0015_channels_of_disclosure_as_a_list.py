"""By what affairs were disclosed was a text; what it names of the list is chosen, and what else it says stays beside 其他."""

import re
from collections.abc import Iterable
from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

KIND = "rights.voice"
#: Words that name a channel, in the order of the list.
NAMES = (
    ("board", ("公开栏", "公示栏", "宣传栏")),
    ("congress", ("职代会", "职工代表大会", "职工大会")),
    ("site", ("网站", "内网", "OA", "系统")),
    ("group", ("微信", "工作群", "钉钉", "群")),
    ("meeting", ("会议", "例会", "通报会")),
)
_WORDS = {"board": "公开栏", "congress": "职代会", "site": "内部网站", "group": "微信群", "meeting": "会议通报"}
_CHUNK = 500


def channels_of(text: str) -> tuple[str, str]:
    """What is chosen, and what stays as text."""
    parts = [part.strip() for part in re.split(r"[、,，;；/和]+", text or "") if part.strip()]
    found: set[str] = set()
    rest = []
    for part in parts:
        code = next((code for code, words in NAMES if any(word in part for word in words)), "")
        found.add(code or "other")
        if not code:
            rest.append(part)
    codes = [code for code, _words in NAMES if code in found] + (["other"] if rest else [])
    return (f",{','.join(codes)}," if codes else ""), "、".join(rest)


def text_of(channels: str, rest: str) -> str:
    words = [_WORDS[code] for code in channels.split(",") if code in _WORDS]
    return "、".join([*words, *([rest] if rest else [])])


def to_list(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("rights", "Voice").objects.exclude(disclosed_by="")
    for text in list(rows.values_list("disclosed_by", flat=True).distinct().order_by("disclosed_by")):
        channels, rest = channels_of(text)
        rows.filter(disclosed_by=text, channels="").update(channels=channels, disclosed_by=rest)
    for steps in _steps(apps):
        for one in steps:
            if "disclosed_by" in one.values:
                channels, rest = channels_of(one.values["disclosed_by"])
                one.values = {**one.values, "channels": channels, "disclosed_by": rest}


def to_text(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("rights", "Voice").objects.exclude(channels="")
    for channels, rest in list(rows.values_list("channels", "disclosed_by").distinct().order_by("channels")):
        rows.filter(channels=channels, disclosed_by=rest).update(disclosed_by=text_of(channels, rest), channels="")
    for steps in _steps(apps):
        for one in steps:
            if "channels" in one.values:
                kept = {name: value for name, value in one.values.items() if name != "channels"}
                text = text_of(one.values["channels"], kept.get("disclosed_by", ""))
                one.values = {**kept, "disclosed_by": text}


def _steps(apps: Apps) -> Iterable[list[Any]]:
    """The steps of the kind's records, written back once they were changed."""
    step = apps.get_model("records", "RecordStep")
    last = 0
    while part := list(step.objects.filter(record__kind=KIND, pk__gt=last).order_by("pk")[:_CHUNK]):
        yield part
        step.objects.bulk_update(part, ["values"], batch_size=_CHUNK)
        last = part[-1].pk


class Migration(migrations.Migration):
    dependencies = [("rights", "0014_elements_of_pay_as_a_list")]

    operations = [
        migrations.AddField("voice", "channels", models.CharField(blank=True, default="", max_length=200)),
        migrations.RunPython(to_list, to_text),
    ]
