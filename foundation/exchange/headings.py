"""A heading without what people change about it."""

import re
from typing import Any

from foundation.folding import standard, unified


def normal(heading: Any) -> str:
    """Without marks, units, spaces, line breaks."""
    text = unified(standard(str(heading or ""))).replace("\n", "").replace(" ", "").strip("*")
    return re.sub(r"[(\[][^()\[\]]*[)\]]$", "", text).strip("*")
