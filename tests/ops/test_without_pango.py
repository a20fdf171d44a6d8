"""On a machine without Pango, importing WeasyPrint fails: everything but the PDF must work all the same."""

import os
import subprocess
import sys
from pathlib import Path

from tests.portal_process import ROOT

CODE = """
import django
django.setup()
from django.urls import get_resolver
from foundation.refusals import Refused
from reform_portal.celery import app
get_resolver().url_patterns
app.loader.import_default_modules()
from reporting.rendering.content import Edition
from reporting.rendering.formats import render_formats
from tests.reporting import samples
made = render_formats(samples.provincial(), Edition())
assert made.pdf == b"" and made.xlsx[:2] == b"PK" and made.docx[:2] == b"PK" and made.json[:1] == b"{"
try:
    render_formats(samples.provincial(), Edition(is_draft=False))
except Refused as error:
    print(error)
"""


def test_pages_and_workers_load_and_every_face_but_the_pdf_is_made(tmp_path: Path) -> None:
    (tmp_path / "weasyprint.py").write_text("raise OSError(\"cannot load library 'libpango-1.0-0'\")\n")
    env = {
        **os.environ,
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "reform_portal.settings",
    }
    done = subprocess.run([sys.executable, "-c", CODE], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "请系统管理员安装 libpango-1.0-0" in done.stdout
