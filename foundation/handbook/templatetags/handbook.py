"""Official terms with their meaning beside them."""

from itertools import count

from django import template

from foundation.handbook.chapters import TERMS, find_section

register = template.Library()
_numbers = count(1)


@register.inclusion_tag("handbook/term.html")
def term(name: str, *, label: str = "") -> dict[str, object]:
    """``{% term "补报" %}``: the word, and on pointing, touching or focusing it the handbook's first sentences on it.
    ``label`` is what stands in the page instead of the term itself. An unknown term is an error."""
    section = find_section(f"{TERMS}#{name.lower()}")[0]
    return {"label": label or name, "section": section, "id": f"term-{next(_numbers)}"}
