"""The declaration of sessions of the workers' congress."""

from typing import ClassVar

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.facts.declaring import Fact
from records.core.kinds import Fieldset, RecordKind, register
from rights.business_rules.congress import (
    DelegatesComposed,
    ExtraSessionProposed,
    MajorityOfAll,
    PapersInTime,
    QuorumPresent,
    ReportedToUpperUnion,
    SessionEveryYear,
    TermNotOver,
    TermOfDelegates,
)
from rights.models import CongressSession, ProposedBy, SessionSort


@register
class CongressSessionKind(RecordKind):
    model = CongressSession
    area = "rights"
    clauses = ("2022-m9-c1", "2025-a4-m1-c1", "2025-a4-f2")
    purpose = _("职工代表大会或职工大会。每召开一次填一条，每年至少一次。")
    fieldsets = (
        Fieldset(_("会议"), ("title", "happened_on", "form", "sort", "proposed_by", "proposers")),
        Fieldset(_("代表"), ("representatives", "present", "managers", "term_started_on", "term_years")),
        Fieldset(_("议程"), ("papers_sent_on", "topics", "heard_safety_report", "summary", "reported_on")),
        Fieldset(_("表决"), ("passed", "votes_for", "secret_ballot"), _("没有表决事项的不填。")),
    )
    required = ("title", "happened_on", "form", "sort", "representatives", "present", "heard_safety_report")
    columns = ("form", "representatives", "present", "passed", "heard_safety_report")
    filters = ("form", "sort", "passed", "heard_safety_report")
    facts = (
        Fact("F01.sessions", _("职代会会议"), _("次")),
        Fact("F01.delegates", _("职代会应到代表"), _("人次"), amount="representatives"),
        Fact("F01.present", _("职代会实到代表"), _("人次"), amount="present"),
        Fact("F01.topics", _("职代会审议议题"), _("项"), amount="topics"),
        Fact("F13.reports", _("听取安全生产和职业健康专题报告"), _("次"), only=Q(heard_safety_report=True)),
    )
    rules = (ExtraSessionProposed, TermOfDelegates, QuorumPresent, MajorityOfAll, PapersInTime, DelegatesComposed)
    warnings = (SessionEveryYear, TermNotOver, ReportedToUpperUnion)
    at_least_yearly = True
    shown_when: ClassVar = {
        "proposed_by": ("sort", (SessionSort.EXTRA,)),
        "proposers": ("proposed_by", (ProposedBy.DELEGATES,)),
        "votes_for": ("passed", (True, False)),
        "secret_ballot": ("passed", (True, False)),
    }
