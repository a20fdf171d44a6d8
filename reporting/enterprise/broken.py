"""The rules of compliance that an enterprise does not keep, as steps: each with its cure, and the form by which it is shown."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from foundation.access.rules import verdict
from foundation.accounts.models import Actor
from indicators.compliance.findings import Finding
from records.core.periods import working_quarter
from reporting.compliance.content import own_list
from reporting.compliance.links import enterprise_url
from reporting.enterprise.steps import Step, Urgency, register_steps


def broken_rules(enterprise: Enterprise, viewer: Actor) -> Iterator[Step]:
    """What the rules found in the quarter that is worked on. Two queries."""
    if not verdict(viewer, "indicators.view_compliance"):
        return
    quarter = working_quarter()
    all_rules = enterprise_url(enterprise.pk, quarter)
    for finding, _tone, lines in own_list(viewer, enterprise, quarter).groups:
        for line in lines if finding is Finding.BROKEN else ():
            # Returns that are owed are steps of their own, each with its form.
            if line.rule.form == "duties":
                continue
            due = line.result.cure_by
            yield Step(
                title=line.rule.title,
                why=_("不符合：%(said)s%(cure)s") % {"said": line.result.said, "cure": line.result.cure},
                urgency=Urgency.of_day(due, timezone.localdate()) if due else Urgency.OPEN,
                url=line.link.url if line.link else all_rules,
                button=line.link.label if line.link else _("看依据"),
                due=due,
                seen_at=all_rules,
            )


register_steps("compliance", broken_rules)
