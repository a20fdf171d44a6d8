"""Cutting text into pairs of neighbouring characters.

A text holds a word only if it holds all pairs of the word, so an index of pairs finds the few rows worth looking at;
``LIKE`` then says which of them hold the word. Chinese words mostly have two characters, which is why pairs and not the
usual trigrams. The last character of a text stands alone, so that a single character is the beginning of some pair.

What the index holds is folded: here in Python for SQLite, in ``portal_grams`` (``foundation.textsearch.schema``) for
PostgreSQL. Folding may only make more texts equal than ``LIKE`` does, never fewer.
"""

_ASCII_UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}


def fold(text: str) -> str:
    """Upper case of the Latin alphabet, as SQLite's ``LIKE`` compares."""
    return text.translate(_ASCII_UPPER)


def grams(text: str) -> list[str]:
    """Each character with the one after it; the last one alone. Repeated ones once, in order."""
    folded = fold(text)
    return list(dict.fromkeys(folded[start : start + 2] for start in range(len(folded))))


def grams_of_word(word: str) -> list[str]:
    """The pairs that a text holding the word must hold; empty for a single character and for a word whose pairs cannot
    be relied on: the databases do not agree on the case of letters outside ASCII."""
    folded = fold(word)
    pairs = (folded[start : start + 2] for start in range(len(folded) - 1))
    return [pair for pair in dict.fromkeys(pairs) if all(map(_has_one_form, pair))]


def initial_of_word(word: str) -> str:
    """The single character of a one-character word that can be looked for as the beginning of a pair; else ""."""
    folded = fold(word)
    return folded if len(folded) == 1 and _has_one_form(folded) else ""


def _has_one_form(character: str) -> bool:
    return character.isascii() or character.upper() == character == character.lower()


def token(pair: str) -> str:
    """How a pair is written in SQLite's index, whose words are of letters and digits only. The token of a character is
    the beginning of the tokens of all pairs that begin with it, and of no others."""
    return pair.encode().hex()


def tokens(*texts: str | None) -> str:
    """The tokens of some columns of a row, as SQLite's index takes them."""
    return " ".join(token(pair) for text in texts if text for pair in grams(text))
