"""Entering a policy document: drafted, corrected paragraph by paragraph and clause by clause, published, revised, linked."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.access.rules import require, visible_or_404
from foundation.accounts.requests import PortalRequest
from foundation.files.serving import file_response
from foundation.refusals import NeedsConfirmation, Question, Refused, Stale
from foundation.saying import filled, in_marks
from foundation.ui.problems import problems_in as problems_in_form
from foundation.ui.problems import problems_told
from policies import actions
from policies.compiling import compile_document, problems_in, proposed
from policies.cutting import ParagraphLevel
from policies.forms import (
    DescriptionForm,
    DraftForm,
    RetireForm,
    beside_clauses,
    decisions_sent,
    mark_of,
    paragraphs_sent,
    version_sent,
)
from policies.links import answers_to, choices_of, offers
from policies.models import Document, Edition, EditionState
from policies.queries import points_to_link, preview_of

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_http_methods(["GET", "HEAD", "POST"])
def draft_create(request: PortalRequest) -> HttpResponse:
    """A new document, pasted or as a Word file."""
    require(request.user, actions.MANAGE)
    form = DraftForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with problems_in_form(form):
            edition, remarks = actions.create_draft(
                acting_user=request.user,
                values=form.values(),
                text=form.cleaned_data["text"],
                upload=form.cleaned_data["file"],
            )
            request.session["autosave_clear"] = "policy-new"
            messages.success(request, _("全文已按编号分好段，还没有发布。请逐段核对层级。"))
            for remark in remarks:
                messages.warning(request, remark)
            return redirect(edition)
    return render(request, "policies/draft_new.html", {"form": form})


def _draft_or_404(request: PortalRequest, pk: int) -> Edition:
    return visible_or_404(Edition.objects.select_related("document", "changed_by"), request.user, pk=pk)


DraftView = Callable[[PortalRequest, Edition], HttpResponse]


def _of_a_draft(view: DraftView) -> Callable[[PortalRequest, int], HttpResponse]:
    """The page of a draft, given the draft. Once it is none, its address, which is still in the browser's history, leads on
    to where it went."""

    @wraps(view)
    def of_a_draft(request: PortalRequest, pk: int) -> HttpResponse:
        edition = _draft_or_404(request, pk)
        if edition.is_draft:
            return view(request, edition)
        if request.method == "POST":
            messages.error(request, _("没有保存：这份文件已不是草稿。"))
        if edition.document and edition.state != EditionState.DISCARDED:
            told = _("这份草稿已经发布，现在打开的是发布后的文件。还要改的，请点“修订”。")
            messages.info(request, told)
            return redirect(edition.document)
        told = _("草稿%s已删除。还要用的，在本页下方“已删除的草稿”中恢复。") % in_marks(edition.title)
        messages.info(request, told)
        return redirect("policies:list")

    return of_a_draft


@require_http_methods(["GET", "HEAD", "POST"])
@_of_a_draft
def draft_describe(request: PortalRequest, edition: Edition) -> HttpResponse:
    """Title, number, issuer, day and source."""
    form = DescriptionForm(request.POST or None, instance=edition, initial={"version": edition.version})
    if request.method == "POST" and form.is_valid():
        with problems_in_form(form):
            actions.describe_draft(
                acting_user=request.user, pk=edition.pk, version=version_sent(request.POST), values=form.values()
            )
            request.session["autosave_clear"] = f"policy-head-{edition.pk}"
            messages.success(request, _("已保存。"))
            return redirect("policies:draft_describe", pk=edition.pk)
        edition = _draft_or_404(request, edition.pk)
    return render(request, "policies/draft_describe.html", {"edition": edition, "form": form, "tab": "describe"})


class _Refusal:
    """What a long page of a draft shows when it could not be saved."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.questions: list[Question] = []
        self.is_stale = False

    def take(self, problem: Refused) -> None:
        if isinstance(problem, NeedsConfirmation):
            self.questions = problem.questions
        else:
            self.is_stale = isinstance(problem, Stale)
            self.problems.append(str(problem))


def _draft_page(
    request: PortalRequest, template: str, edition: Edition, refusal: _Refusal, **context: Any
) -> HttpResponse:
    context |= {
        "edition": edition,
        "problems": refusal.problems,
        "questions": refusal.questions,
        "confirmed": request.POST.getlist("confirmed"),
        "is_stale": refusal.is_stale,
    }
    return render(request, template, context)


@require_http_methods(["GET", "HEAD", "POST"])
@_of_a_draft
def draft_paragraphs(request: PortalRequest, edition: Edition) -> HttpResponse:
    """Each paragraph with its level, to be corrected: merged, split, taken out."""
    refusal, sent = _Refusal(), None
    if request.method == "POST":
        sent, refusal.problems = paragraphs_sent(request.POST)
        if not refusal.problems:
            try:
                actions.save_paragraphs(
                    acting_user=request.user,
                    pk=edition.pk,
                    version=version_sent(request.POST),
                    sent=sent,
                    confirmed=request.POST.getlist("confirmed"),
                )
            except Refused as problem:
                refusal.take(problem)
            else:
                return _saved(request, edition, "paragraphs")
        edition = _draft_or_404(request, edition.pk)
    stored = actions.paragraphs_of(edition)
    context = {
        "rows": stored if sent is None else sent,
        "theirs": [one for one in stored if one not in sent] if sent is not None and refusal.is_stale else [],
        "levels": ParagraphLevel.choices,
        "tab": "paragraphs",
    }
    return _draft_page(request, "policies/draft_paragraphs.html", edition, refusal, **context)


def _saved(request: PortalRequest, edition: Edition, page: str) -> HttpResponse:
    request.session["autosave_clear"] = f"policy-{page}-{edition.pk}"
    if request.POST.get("do") == "next":
        return redirect("policies:draft_points" if page == "paragraphs" else "policies:draft_publish", pk=edition.pk)
    merged = request.POST.get("merge", "")
    messages.success(request, _("两段已合并并保存。") if merged else _("已保存。"))
    here = reverse("policies:draft" if page == "paragraphs" else "policies:draft_points", args=[edition.pk])
    return redirect(f"{here}#row-{int(merged)}" if merged.isascii() and merged.isdecimal() else here)


@require_http_methods(["GET", "HEAD", "POST"])
@_of_a_draft
def draft_points(request: PortalRequest, edition: Edition) -> HttpResponse:
    """Each clause with what it asks for, or why it asks for nothing."""
    refusal, sent = _Refusal(), None
    if request.method == "POST":
        sent, refusal.problems = decisions_sent(request.POST)
        if not refusal.problems:
            try:
                actions.save_decisions(
                    acting_user=request.user, pk=edition.pk, version=version_sent(request.POST), sent=sent
                )
            except Refused as problem:
                refusal.take(problem)
            else:
                return _saved(request, edition, "points")
        edition = _draft_or_404(request, edition.pk)
    stored = actions.decisions_of(edition)
    # What was typed stands beside its clause, also where somebody changed the paragraphs meanwhile.
    rows, left = beside_clauses(request.POST, sent or [], stored)
    context = {"rows": rows, "left": left, "marks": ",".join(mark_of(one.text) for one in stored), "tab": "points"}
    return _draft_page(request, "policies/draft_points.html", edition, refusal, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@_of_a_draft
def draft_publish(request: PortalRequest, edition: Edition) -> HttpResponse:
    """What stands in the way, what would be lost, and the document as it would be read."""
    if request.method == "POST":
        with problems_told(request):
            try:
                document = actions.publish_draft(
                    acting_user=request.user,
                    pk=edition.pk,
                    version=version_sent(request.POST),
                    confirmed=request.POST.getlist("confirmed"),
                )
            except NeedsConfirmation:
                messages.error(request, _("还没有发布：请先在下面逐项确认。"))
            else:
                messages.success(request, _("%s已发布，大家现在就能看到。") % in_marks(document.title))
                return redirect(document)
        edition = _draft_or_404(request, edition.pk)
    paragraphs, decisions = actions.paragraphs_of(edition), actions.decisions_of(edition)
    problems = problems_in(paragraphs, decisions)
    context: dict[str, Any] = {"edition": edition, "found": problems, "tab": "publish", "beside": {}}
    if not problems:
        made = actions.compiled(edition, paragraphs)
        context["reading"] = preview_of(edition, made, decisions)
        context["questions"] = actions.doubts_about(edition, made, decisions)
    return render(request, "policies/draft_publish.html", context)


@require_POST
def draft_discard(request: PortalRequest, pk: int) -> HttpResponse:
    """The draft goes to the deleted ones, from where it can be had back."""
    edition = _draft_or_404(request, pk)
    with problems_told(request):
        actions.discard_draft(acting_user=request.user, pk=pk, version=version_sent(request.POST))
        text = _("草稿%s已删除。删错了的，在本页下方“已删除的草稿”中恢复。")
        messages.success(request, text % in_marks(edition.title))
        return redirect("policies:list")
    return redirect(edition if edition.is_draft else "policies:list")


@require_POST
def draft_restore(request: PortalRequest, pk: int) -> HttpResponse:
    """A deleted draft comes back as it was."""
    edition = _draft_or_404(request, pk)
    with problems_told(request):
        restored = actions.restore_draft(acting_user=request.user, pk=pk)
        messages.success(request, _("草稿%s已恢复。") % in_marks(edition.title))
        return redirect(restored)
    return redirect("policies:list")


@require_safe
def draft_file(request: PortalRequest, pk: int) -> HttpResponseBase:
    """The Word file that an edition was read from."""
    edition = _draft_or_404(request, pk)
    if not edition.file:
        raise Http404
    return file_response(edition.file, name=edition.file_name, content_type=_WORD, as_attachment=True)


@require_safe
def edition_read(request: PortalRequest, pk: int) -> HttpResponse:
    """A version that is or was in force, as it was published."""
    edition = _draft_or_404(request, pk)
    if edition.published_at is None:
        raise Http404
    paragraphs, decisions = actions.paragraphs_of(edition), actions.decisions_of(edition)
    made = compile_document(str(edition.document_id), paragraphs, edition.codes)
    context = {"edition": edition, "reading": preview_of(edition, made, decisions), "beside": {}}
    return render(request, "policies/edition.html", context)


# --- a published document ---------------------------------------------------------------------------


def _entered_or_404(request: PortalRequest, code: str) -> Document:
    """An entered document, for whoever may manage it: others are told that they may not."""
    document = Document.objects.filter(pk=code, is_entered=True).first()
    if document is None:
        raise Http404
    require(request.user, actions.MANAGE)
    return document


@require_POST
def document_revise(request: PortalRequest, code: str) -> HttpResponse:
    """A draft that starts from the version in force."""
    document = _entered_or_404(request, code)
    return redirect(actions.revise_document(acting_user=request.user, document=document))


@require_POST
def document_retire(request: PortalRequest, code: str) -> HttpResponse:
    """It is carried out no longer."""
    document = _entered_or_404(request, code)
    form = RetireForm(request.POST)
    if form.is_valid():
        with problems_told(request):
            actions.retire_document(acting_user=request.user, document=document, reason=form.cleaned_data["reason"])
            messages.success(request, _("%s已停用，正文仍可查阅。") % in_marks(document.title))
    else:
        for texts in form.errors.values():
            messages.error(request, _("停用原因：%s") % " ".join(str(text) for text in texts))
    return redirect(document)


@require_POST
def document_resume(request: PortalRequest, code: str) -> HttpResponse:
    """It is carried out again."""
    document = _entered_or_404(request, code)
    actions.resume_document(acting_user=request.user, document=document)
    messages.success(request, _("%s已恢复使用。") % in_marks(document.title))
    return redirect(document)


@require_http_methods(["GET", "HEAD", "POST"])
def document_links(request: PortalRequest, code: str) -> HttpResponse:
    """The points of a document, each with what answers it, to be added to and taken from."""
    document = _entered_or_404(request, code)
    points = list(points_to_link(document))
    typed: dict[int, str] = {}
    problems: dict[str, list[str]] = {}
    if request.method == "POST":
        typed = {one.pk: request.POST.get(f"add-{one.pk}", "") for one in points}
        removed = [int(pk) for pk in request.POST.getlist("remove") if pk.isascii() and pk.isdecimal() and len(pk) < 16]
        try:
            added, gone = actions.link_points(acting_user=request.user, document=document, added=typed, removed=removed)
        except ValidationError as problem:
            problems = problem.message_dict
        else:
            request.session["autosave_clear"] = f"policy-links-{code}"
            found = {"added": added, "gone": gone}
            messages.success(request, filled(_("已保存：新增关联 %(added)d 项，取消 %(gone)d 项。"), found))
            return redirect("policies:links", code=code)
    known = answers_to({answer.name for one in points for answer in one.named_answers.all()})
    rows: Sequence[dict[str, Any]] = [
        {
            "point": one,
            # What its clause says, where the point says less than that.
            "context": "" if one.text == proposed(one.clause.text).points else one.clause.text,
            "answers": [(answer, known.get(answer.name)) for answer in one.named_answers.all()],
            "typed": typed.get(one.pk, ""),
            "problems": problems.get(str(one.pk), []),
        }
        for one in points
    ]
    context = {
        "document": document,
        "rows": rows,
        "refused": sum(1 for row in rows if row["problems"]),
        "removed": request.POST.getlist("remove"),
        "choices": choices_of(offers()),
        "is_bound": request.method == "POST",
    }
    return render(request, "policies/links_page.html", context)
