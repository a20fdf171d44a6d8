"""One way to tell whether two names are the same, whoever typed them: used for keys that are stored, for searching, for
matching rows of imports and for finding doubles.

``standard`` is for what is stored and shown: it changes nothing but characters of private use that old programs wrote for
characters which have a code point of their own today. ``fold`` is for comparing only: what differs merely by width,
brackets, spaces, kinds of dots and dashes or the case of letters folds to the same text.
"""

import re
import unicodedata

#: What GB 18030 gives to the code points that GBK's rows A6, A8, A9 and FE had in the private use area: 80 Han characters
#: and radicals from U+E815 on (FE50 to FEA0), vertical punctuation, and 15 others. U+E863, for one, is 䶮.
_FROM_FE50 = (
    "⺁𠂇𠂉𠃌⺄㑳㑇⺈⺋龴㖞㘚㘎⺌⺗㥮㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠⺧𡗗龸⺪䁖䅟⺮䌷⺳⺶⺷𢦏䎱"
    "䎬⺻䏝䓖䙡䙌龹䜣䜩䝼䞍⻊䥇䥺䥽䦂䦃䦅䦆䦟䦛䦷䦶龺𤇾䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻"
)
_PRIVATE_USE = {
    **{0xE815 + at: character for at, character in enumerate(_FROM_FE50)},
    **dict(zip(range(0xE78D, 0xE797), "\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19", strict=True)),
    0xE7C7: "\u1e3f",
    0xE7C8: "\u01f9",
    0xE7E7: "\u303e",
    **{0xE7E8 + at: chr(0x2FF0 + at) for at in range(12)},
}
_PRIVATE = re.compile("[\ue000-\uf8ff]")
#: Invisible characters that come along when text is copied, and what divides nothing in a name. Variation selectors choose
#: a glyph, never another character.
_DROPPED = re.compile(
    r"[\s\u00ad\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]+"
)
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
#: After NFKC: all brackets as round ones, all dots within names as one, all dashes as one, quotes and apostrophes as one.
_SAME = str.maketrans(
    {
        **dict.fromkeys("[{〔【〖〘〚〈《「『⟨", "("),
        **dict.fromkeys("]}〕】〗〙〛〉》」』⟩", ")"),
        **dict.fromkeys("•‧∙⋅・᛫●⸱.。․", "·"),
        **dict.fromkeys("‐‑‒–—―−─ー﹣", "-"),
        **dict.fromkeys("‘’‛′`´＇", "'"),
        **dict.fromkeys("“”„″〃", '"'),
    }
)


def standard(text: str) -> str:
    """The text with characters of private use replaced where GB 18030 maps them; others stay as they are."""
    return text.translate(_PRIVATE_USE) if _PRIVATE.search(text) else text


def unified(text: str) -> str:
    """Full-width digits, letters and signs as half-width ones, without invisible characters; spaces as plain ones."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).replace("\t", " ").strip()


def spellings(word: str) -> list[str]:
    """The ways a word to be looked for may stand in texts that are not folded: as it was typed, with the characters it
    stands for, and with half-width and full-width brackets."""
    own = standard(word)
    narrow = unified(own)
    wide = narrow.translate({ord("("): "（", ord(")"): "）", ord(":"): "：", ord(","): "，"})
    return list(dict.fromkeys((word, own, narrow, wide)))


def fold(text: str) -> str:
    """The key of a name. Han characters of all planes keep what they are: only compatibility forms are unified. Folding
    a folded text changes nothing."""
    if text.isascii():
        return "".join(text.split()).casefold().translate(_SAME)
    folded = unicodedata.normalize("NFKC", standard(text)).casefold()
    return unicodedata.normalize("NFKC", _DROPPED.sub("", folded).translate(_SAME))
