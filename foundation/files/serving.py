"""Giving a kept file out: pictures and PDF in the browser, the rest as a download, nothing of it able to run."""

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404

_FILE_POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"
#: Chromium shows no PDF in a sandbox; its viewer runs nothing in the portal's name.
_PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def file_response(file: FieldFile, *, name: str, content_type: str) -> FileResponse:
    """The file under the name it came with. Raises ``Http404`` when it is no longer there."""
    is_pdf = content_type == "application/pdf"
    inline = content_type.startswith("image/") or is_pdf
    try:
        handle = file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(handle, as_attachment=not inline, filename=name, content_type=content_type)
    if is_pdf:
        # A page of ours may show it beside what it proves.
        response["X-Frame-Options"] = "SAMEORIGIN"
    # An uploaded file must never run as part of the portal.
    response["Content-Security-Policy"] = _PDF_POLICY if is_pdf else _FILE_POLICY
    return response
