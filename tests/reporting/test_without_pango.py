"""A server without Pango: everything but the PDF works, and the words say what to install."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.django_db

#: Stands in front of the installed package and fails exactly as it does when the library is not on the machine.
BROKEN = "raise OSError(\"cannot load library 'libpango-1.0-0': error 0x7e\")\n"

SCRIPT = """
import django; django.setup()
from reporting.rendering.content import Edition
from reporting.rendering.faces import render_faces
from foundation.jobs.handlers import JobError
from tests.reporting import samples
faces = render_faces(samples.provincial(), Edition())
assert faces.pdf == b"" and faces.xlsx[:2] == b"PK" and faces.docx[:2] == b"PK" and faces.json[:1] == b"{"
try:
    render_faces(samples.provincial(), Edition(is_draft=False))
except JobError as error:
    print(error)
"""


def test_workbook_word_and_snapshot_are_made_and_the_cure_is_named(tmp_path: Path):
    (tmp_path / "weasyprint.py").write_text(BROKEN)
    env = {
        **os.environ,
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{settings.BASE_DIR}",
        "PORTAL_VAR": str(tmp_path / "var"),
        "DJANGO_SETTINGS_MODULE": "reform_portal.settings",
        "PYTHONIOENCODING": "utf-8",
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=settings.BASE_DIR, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "请系统管理员安装 libpango-1.0-0" in done.stdout
