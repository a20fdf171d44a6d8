"""The declaration of sessions of the workers' congress."""

from typing import ClassVar

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.facts.declaring import Fact
from records.core.kinds import Fieldset, RecordKind, register
from records.core.lines import Cited, Lines
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
from rights.models import CongressSession, CongressTopic, ProposedBy, SessionSort, TopicResult, TopicSort


def _cited(topic: CongressTopic) -> Cited | None:
    """What other kinds are told of a topic; one without words cannot be referred to."""
    if not topic.topic.strip():
        return None
    passed = {TopicResult.PASSED: True, TopicResult.FAILED: False}.get(topic.result)  # type: ignore[call-overload]  # plain text
    return Cited(topic.topic.strip(), topic.outcome, topic.sort == TopicSort.APPROVAL, passed)


@register
class CongressSessionKind(RecordKind):
    model = CongressSession
    area = "rights"
    clauses = ("2022-m9-c1", "2025-a4-m1-c1", "2025-a4-f2")
    purpose = _("职工代表大会或职工大会。每召开一次填一条，每年至少一次。")
    fieldsets = (
        Fieldset(_("会议"), ("title", "happened_on", "form", "sort", "proposed_by", "proposers")),
        Fieldset(_("代表"), ("representatives", "present", "managers", "term_started_on", "term_years")),
        Fieldset(_("议题和表决"), ("papers_sent_on", "heard_safety_report", "secret_ballot"), lines="agenda"),
        Fieldset(_("职工提案"), ("proposals_raised", "proposals_filed", "proposals_settled")),
        Fieldset(_("决议"), ("summary", "reported_on")),
    )
    lines = (
        Lines(
            "agenda",
            CongressTopic,
            fields=("topic", "sort", "votes_for", "result"),
            label=_("议题"),
            required=("topic", "sort"),
            help=_("一项议题一行。表决的填赞成票和结果；赞成票超过全体代表的半数才算通过。"),
            cited=_cited,
        ),
    )
    required = ("title", "happened_on", "form", "sort", "representatives", "present", "heard_safety_report")
    columns = ("form", "representatives", "present", "secret_ballot", "heard_safety_report")
    filters = ("form", "sort", "secret_ballot", "heard_safety_report")
    facts = (
        Fact("F01.sessions", _("职代会会议"), _("次")),
        Fact("F01.delegates", _("职代会应到代表"), _("人次"), amount="representatives"),
        Fact("F01.present", _("职代会实到代表"), _("人次"), amount="present"),
        Fact("F01.topics", _("职代会审议议题"), _("项"), lines="agenda", only=~Q(topic="")),
        Fact("F03.raised", _("职工提案征集"), _("件"), amount="proposals_raised"),
        Fact("F03.filed", _("职工提案立案"), _("件"), amount="proposals_filed"),
        Fact("F03.settled", _("职工提案办结"), _("件"), amount="proposals_settled"),
        Fact("F13.reports", _("听取安全生产和职业健康专题报告"), _("次"), only=Q(heard_safety_report=True)),
    )
    rules = (ExtraSessionProposed, TermOfDelegates, QuorumPresent, MajorityOfAll, PapersInTime, DelegatesComposed)
    warnings = (SessionEveryYear, TermNotOver, ReportedToUpperUnion)
    at_least_yearly = True
    shown_when: ClassVar = {
        "proposed_by": ("sort", (SessionSort.EXTRA,)),
        "proposers": ("proposed_by", (ProposedBy.DELEGATES,)),
    }
