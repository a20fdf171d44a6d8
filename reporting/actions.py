"""Every change of a report: requested, built, worded, issued."""

import datetime
import hashlib
import secrets
from collections.abc import Collection
from urllib.parse import urljoin

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.db.models.fields.files import FieldFile
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.calendar.periods import Quarter
from foundation.files.keeping import delete_on_commit
from foundation.jobs.actions import enqueue
from foundation.places.models import Place
from foundation.refusals import require_confirmed
from foundation.saying import filled
from reporting.canonical import snapshot_hash
from reporting.checklist import before_issuing
from reporting.models import COMMENTARY_PARTS, Kind, Report, State, Status
from reporting.quarters import why_no_report
from reporting.rendering.content import Edition
from reporting.rendering.formats import Formats, ProgressReport, no_pango, render_formats, silent
from reporting.rendering.glyphs import described, missing_glyphs
from reporting.snapshot import build_snapshot

register_event("reporting.requested", gettext_lazy("发起生成报告"))
register_event("reporting.built", gettext_lazy("报告生成完成"))
register_event("reporting.rebuilt", gettext_lazy("重新生成报告"))
register_event("reporting.commented", gettext_lazy("修改编制单位意见"))
register_event("reporting.issued", gettext_lazy("签发报告"))

BUILD = "reporting.build"
#: Without 0, 1, I, L, O and U: read out over a telephone, nothing is mistaken.
_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
COMMENTARY_LIMIT = 3000


def request_report(*, acting_user: Actor, region: Place, quarter: Quarter, kind: str = Kind.QUARTERLY) -> Report:
    """Ask for a new build. While one of the same region and quarter is being made, that one is returned."""
    require(acting_user, "reporting.create", region)
    if kind not in Kind.values:
        raise ValidationError({"kind": _("没有“%s”这种报告，请选择：产改季报（quarterly）。") % kind})
    if reason := why_no_report(quarter):
        raise ValidationError({"quarter": reason})
    same = Report.objects.of(kind=kind, region=region, quarter=quarter.code)
    with transaction.atomic():
        for earlier in same.filter(status=Status.BUILDING, built_at__isnull=True).select_related("job"):
            if earlier.is_building:
                return earlier
            Report.objects.filter(pk=earlier.pk).update(status=Status.FAILED)
        number = (same.aggregate(last=Max("draft_number"))["last"] or 0) + 1
        try:
            with transaction.atomic():
                report = Report.objects.create(
                    kind=kind,
                    region=region,
                    province_id=region.province_id,
                    city_id=region.city_id,
                    county_id=region.county_id,
                    quarter=quarter.code,
                    draft_number=number,
                    created_by=acting_user,
                )
        except IntegrityError:
            # Asked twice in the same moment: the constraint let one through.
            return same.get(status=Status.BUILDING, built_at__isnull=True)
        log("reporting.requested", by=acting_user, on=report)
        _send(report, owner=acting_user)
    return report


def _send(report: Report, *, owner: Actor) -> None:
    job = enqueue(
        kind=BUILD,
        title=_("生成%s") % report.title,
        parameters={"report": report.pk},
        owner=owner,
        unique_key=f"{BUILD}:{report.pk}:{report.version}",
        place=report.region,
    )
    Report.objects.filter(pk=report.pk).update(job=job)
    report.job = job


def build_report(report: Report, progress: ProgressReport = silent) -> Report:
    """Freeze the snapshot (once) and make the files. Run twice, it changes nothing the second time."""
    if report.is_ready:
        return report
    progress(5, _("正在汇总数据"))
    _freeze(report)
    formats = render_formats(report.frozen(), Edition.of(report), progress)
    progress(95, _("正在保存"))
    _keep(report, formats)
    return report


def _freeze(report: Report) -> None:
    if report.snapshot is not None:
        return
    snapshot = build_snapshot(report.region, report.period)
    as_of = snapshot["data_as_of"]
    report.snapshot, report.snapshot_hash = snapshot, snapshot_hash(snapshot)
    report.data_as_of = datetime.datetime.fromisoformat(as_of) if as_of else None
    report.save(update_fields=["snapshot", "snapshot_hash", "data_as_of"])


def _keep(report: Report, formats: Formats) -> None:
    """Store the files and say ready, unless the office changed the report meanwhile: then these files are of a version
    nobody wants, and the newer job makes the right ones."""
    old = [FieldFile(report, field.field, field.name) for field in (report.pdf, report.xlsx, report.docx)]
    report.pdf = report.xlsx = report.docx = ""
    for suffix in ("pdf", "xlsx", "docx"):
        if data := getattr(formats, suffix):
            getattr(report, suffix).save(f"report.{suffix}", ContentFile(data), save=False)
    new = [report.pdf, report.xlsx, report.docx]
    values = {
        "pdf": report.pdf.name,
        "xlsx": report.xlsx.name,
        "docx": report.docx.name,
        "pdf_hash": hashlib.sha256(formats.pdf).hexdigest() if formats.pdf else "",
        "status": Status.READY,
        "built_at": timezone.now(),
    }
    with transaction.atomic():
        current = Report.objects.filter(pk=report.pk, version=report.version).exclude(status=Status.READY)
        kept = bool(current.update(**values))
        if kept:
            log("reporting.built", by=None, on=report, note=f"SHA-256 {values['pdf_hash']}")
        delete_on_commit(*(old if kept else new))
    report.refresh_from_db()


def fail_report(report: Report) -> None:
    """Note that a build ended without files. The job holds the reason."""
    Report.objects.filter(pk=report.pk, status=Status.BUILDING).update(status=Status.FAILED)


def rebuild_report(report: Report, *, acting_user: Actor) -> Report:
    """Try a failed build again; a snapshot already frozen stays."""
    require(acting_user, "reporting.rebuild", report)
    with transaction.atomic():
        log("reporting.rebuilt", by=acting_user, on=report)
        _send(report, owner=acting_user)
    report.refresh_from_db()
    return report


def edit_commentary(report: Report, *, acting_user: Actor, version: int, **texts: str) -> Report:
    """Keep the office's own words (``overview``, ``problems``, ``plans``) and print the draft anew."""
    require(acting_user, "reporting.edit", report)
    if unknown := set(texts) - set(COMMENTARY_PARTS):
        raise ValueError(f"unknown parts of the commentary: {sorted(unknown)}")
    for part, text in texts.items():
        if len(text) > COMMENTARY_LIMIT:
            raise ValidationError(
                {
                    part: filled(
                        _("内容有 %(long)d 字，超过了 %(limit)d 字。请精简后再保存。"),
                        {"long": len(text), "limit": COMMENTARY_LIMIT},
                    )
                }
            )
    commentary = {**report.commentary, **{part: text.strip() for part, text in texts.items()}}
    changes = {
        part: [report.commentary.get(part, ""), text]
        for part, text in commentary.items()
        if text != report.commentary.get(part, "")
    }
    if not changes:
        return report
    with transaction.atomic():
        _change(report, version=version, commentary=commentary)
        log("reporting.commented", by=acting_user, on=report, changes=changes)
        _send(report, owner=acting_user)
    return report


def _change(report: Report, *, version: int, **values: object) -> None:
    """Write unless somebody else wrote since ``version`` was read."""
    changed = Report.objects.filter(pk=report.pk, version=version).update(
        version=version + 1, status=Status.BUILDING, **values
    )
    if not changed:
        raise ValidationError(_("这份报告刚刚被别人改过。请刷新页面，看过最新内容后再操作；您填写的文字请先复制保存。"))
    report.refresh_from_db()


def issue_report(
    report: Report,
    *,
    acting_user: Actor,
    number: str,
    issued_on: datetime.date | None,
    site_url: str,
    version: int,
    red_head: str = "",
    confirmed: Collection[str] = (),
) -> Report:
    """Give number and date and freeze. A job prints the final PDF, without watermark and with the QR code that leads to
    the verification page under ``site_url``. What has to be looked at before (``reporting.checklist``) is asked about:
    ``confirmed`` are the keys of what was shown. Raises ``AccessDenied``, ``ValidationError``, ``NeedsConfirmation``."""
    require(acting_user, "reporting.issue", report)
    number = number.strip()
    _check_issue(report, number=number, issued_on=issued_on, red_head=red_head.strip())
    questions = list(before_issuing(report))
    require_confirmed(questions, confirmed, needs_reason=False)
    looked_at = "".join(f" {question.message}" for question in questions)
    code = "".join(secrets.choice(_CODE_LETTERS) for _position in range(10))
    url = urljoin(site_url, reverse("reporting:verify", args=[code]))
    with transaction.atomic():
        _change(
            report,
            version=version,
            state=State.ISSUED,
            number=number,
            issued_on=issued_on,
            issued_at=timezone.now(),
            issued_by=acting_user,
            verify_code=code,
            verify_url=url,
            red_head=red_head.strip(),
        )
        log("reporting.issued", by=acting_user, on=report, note=f"{number} SHA-256 {report.snapshot_hash}{looked_at}")
        _send(report, owner=acting_user)
    return report


def _check_issue(report: Report, *, number: str, issued_on: datetime.date | None, red_head: str) -> None:
    if not report.pdf:
        raise ValidationError(no_pango())
    errors = {}
    if not number:
        errors["number"] = _("请填编号，例如：苏产改办〔2026〕12号。")
    elif Report.objects.filter(region=report.region, number=number).exclude(pk=report.pk).exists():
        errors["number"] = _("编号“%s”已经用在另一份报告上，请换一个编号。") % number
    for name, text in (("number", number), ("red_head", red_head)):
        if missing := missing_glyphs([(_("这一项"), text)]):
            errors[name] = _("报告的字体里没有这些字符：%s。请换成别的字。") % described(missing)
    if issued_on is None:
        errors["issued_on"] = _("请填签发日期。")
    elif issued_on > timezone.localdate():
        errors["issued_on"] = _("签发日期 %s 还没有到，请填今天或以前的日期。") % issued_on
    elif issued_on < report.period.first_day:
        errors["issued_on"] = _("签发日期 %(day)s 早于%(quarter)s开始，请核对。") % {
            "day": issued_on,
            "quarter": report.period.label,
        }
    elif report.data_as_of is not None and issued_on < timezone.localdate(report.data_as_of):
        errors["issued_on"] = _("签发日期 %(day)s 早于数据截至的 %(read)s，请填那一天或以后的日期。") % {
            "day": issued_on,
            "read": timezone.localdate(report.data_as_of),
        }
    if errors:
        raise ValidationError(errors)
