"""Every change of a bundle: asked for, made, fetched, and removed when its time is over."""

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Enterprise
from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.files.keeping import delete_on_commit, random_name
from foundation.jobs.actions import enqueue
from foundation.jobs.models import LIVE, Job
from foundation.jobs.progress import Progress
from foundation.saying import filled
from foundation.ui.formats import file_size
from reporting.bundles.archive import write_archive
from reporting.bundles.contents import Contents, read_contents, years_of
from reporting.bundles.models import Bundle, BundleStatus, a_while_from_now

register_event("reporting.bundle_requested", gettext_lazy("发起生成企业台账"))
register_event("reporting.bundle_built", gettext_lazy("企业台账生成完成"))
register_event("reporting.bundle_fetched", gettext_lazy("下载企业台账"))

BUNDLE = "reporting.bundle"


def request_bundle(*, acting_user: Actor, enterprise: Enterprise, year: int) -> Bundle:
    """Have the ledger of a year made. While this person's own of the same year is being made, that one is returned."""
    require(acting_user, "reporting.create_bundle", enterprise)
    if year not in years_of(acting_user, enterprise):
        raise ValidationError(
            {
                "year": _("%(year)d年没有已提交或已通过的记录，没有可以收入台账的内容。请选择列表中的年度。")
                % {"year": year}
            }
        )
    key = f"{BUNDLE}:{enterprise.pk}:{year}:{acting_user.pk}"
    with transaction.atomic():
        if running := Job.objects.filter(unique_key=key, status__in=LIVE).first():
            return Bundle.objects.get(pk=running.parameters["bundle"])
        bundle = Bundle.objects.create(
            enterprise=enterprise,
            province_id=enterprise.province_id,
            city_id=enterprise.city_id,
            county_id=enterprise.county_id,
            year=year,
            created_by=acting_user,
        )
        job = enqueue(
            kind=BUNDLE,
            title=_("生成%s") % bundle.title,
            parameters={"bundle": bundle.pk},
            owner=acting_user,
            unique_key=key,
            place=enterprise.place,
        )
        if job.parameters["bundle"] != bundle.pk:
            # Asked twice in the same moment: the job of the other is the one that lives.
            bundle.delete()
            return Bundle.objects.get(pk=job.parameters["bundle"])
        Bundle.objects.filter(pk=bundle.pk).update(job=job)
        bundle.job = job
        log("reporting.bundle_requested", by=acting_user, on=bundle)
    return bundle


def build_bundle(bundle: Bundle, progress: Progress) -> Bundle:
    """Make the file from what its person may see now. Run twice, it changes nothing the second time."""
    if bundle.status == BundleStatus.READY:
        return bundle
    require(bundle.created_by, "reporting.create_bundle", bundle.enterprise)
    progress(1, _("正在读取记录"))
    contents = read_contents(bundle.created_by, bundle.enterprise, bundle.year)
    media = Path(settings.MEDIA_ROOT)
    media.mkdir(parents=True, exist_ok=True)
    # Without a name: gone with the process, however that ends. On the disk that has room for it.
    with tempfile.TemporaryFile(dir=media) as out:
        has_pdf = write_archive(contents, out, made_by=bundle.created_by, progress=progress)
        progress(95, _("正在保存"))
        progress.check()
        size = out.tell()
        out.seek(0)
        _store(bundle, out)
    _keep(bundle, contents, size=size, has_pdf=has_pdf)
    return bundle


def _store(bundle: Bundle, out: Any) -> None:
    """The row names the file before it is written, so that even one half-written is found and removed."""
    storage = bundle.file.storage
    if bundle.file:
        storage.delete(str(bundle.file.name))
    name = random_name(bundle, "")
    Bundle.objects.filter(pk=bundle.pk).update(file=name)
    bundle.file = name
    storage.save(name, File(out, name=name))


def _keep(bundle: Bundle, contents: Contents, *, size: int, has_pdf: bool) -> None:
    with transaction.atomic():
        Bundle.objects.filter(pk=bundle.pk).update(
            status=BundleStatus.READY,
            records=len(contents.entries),
            files=contents.files,
            missing=len(contents.missing),
            size=size,
            has_pdf=has_pdf,
            expires_at=a_while_from_now(),
        )
        bundle.refresh_from_db()
        log("reporting.bundle_built", by=bundle.created_by, on=bundle, note=inventory(bundle))
        earlier = Bundle.objects.filter(
            created_by=bundle.created_by_id, enterprise=bundle.enterprise_id, year=bundle.year
        ).exclude(pk=bundle.pk)
        for one in earlier.select_related("job"):
            _remove(one, _("这份台账已由后来生成的代替，请到企业页面下载最新的一份。"))


def fail_bundle(bundle: Bundle) -> None:
    """Note that the job ended without a file. The job holds the reason."""
    Bundle.objects.filter(pk=bundle.pk).exclude(status=BundleStatus.READY).update(status=BundleStatus.FAILED)


def note_fetched(bundle: Bundle, *, acting_user: Actor) -> None:
    """Evidence leaves the portal: who took whose, and how much."""
    log("reporting.bundle_fetched", by=acting_user, on=bundle, note=inventory(bundle))


def inventory(bundle: Bundle) -> str:
    """``12 条记录，30 个文件，缺失 1 个，3.2 MB``"""
    parts = [filled(_("%d 条记录"), bundle.records), filled(_("%d 个文件"), bundle.files)]
    if bundle.missing:
        parts.append(filled(_("缺失 %d 个"), bundle.missing))
    return "，".join([*parts, file_size(bundle.size)])


def result_of(bundle: Bundle) -> dict[str, Any]:
    """What the job's page says and links to."""
    label = _("下载台账（%s）") % inventory(bundle)
    if not bundle.has_pdf:
        label += without_pdf()
    return {"bundle": bundle.pk, "url": bundle.get_absolute_url(), "label": label}


def without_pdf() -> str:
    return _("。服务器没有安装排版库 Pango，只有 Excel 目录，没有 PDF 目录；请系统管理员安装后再生成一次。")


def forget_expired() -> int:
    """Remove the bundles whose week is over. Returns how many."""
    old = list(Bundle.objects.expired().select_related("job"))
    gone = [bundle for bundle in old if not bundle.is_building]
    for bundle in gone:
        with transaction.atomic():
            _remove(bundle, _("这份台账已过期删除，请重新生成。"))
    return len(gone)


def _remove(bundle: Bundle, why: str) -> None:
    """Take away row and file; the page of its job says why there is nothing any more."""
    if bundle.job is not None and "bundle" in bundle.job.result:
        Job.objects.filter(pk=bundle.job.pk).update(result={"label": why})
    delete_on_commit(bundle.file)
    bundle.delete()
