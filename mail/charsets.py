"""Bytes to text whatever the charset claims: a wrong or missing declaration is seen and mended."""

import codecs

CYRILLIC = ("cp1251", "koi8-r", "iso8859_5", "mac_cyrillic", "cp866")
"""Single-byte charsets of Russian mail, likeliest first."""

_WESTERN = frozenset({"cp1252", "iso8859-15"})
_MISLEADING = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
_WIDER = {"iso8859-1": "cp1252", "ascii": "cp1252", "gbk": "gb18030", "gb2312": "gb18030"}
"""Charsets that programs name and do not keep to: what browsers read instead."""
_SURE = 0.30
"""Least score of a guess that nothing else supports."""
_MARGIN = 0.15
"""By how much another charset must score better than the declared one to be believed."""

_FREQUENT = dict(
    zip(
        "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
        (1.0, 0.77, 0.73, 0.67, 0.61, 0.57, 0.5, 0.43, 0.41, 0.4, 0.32, 0.29, 0.27, 0.26, 0.24,
         0.18, 0.17, 0.16, 0.15, 0.15, 0.14, 0.13, 0.11, 0.09, 0.09, 0.07, 0.06, 0.05, 0.03, 0.03,
         0.03, 0.02, 0.02),
        strict=True,
    )
)  # fmt: skip
"""Russian letters by frequency, relative to «о»."""
_OFFICE_SIGNS = frozenset("«»№—–…“”„’°§©®™\u00a0·•€")


def codec_for(label: str) -> str | None:
    """Python's name of the charset a letter names, however it spells it, or None if unknown."""
    name = label.strip().strip("\"'").lower()
    for guess in (name, name.replace("win-", "windows-"), name.removeprefix("x-")):
        try:
            codec = codecs.lookup(guess)
        except (LookupError, ValueError):
            continue
        if codec._is_text_encoding and codec.name not in _MISLEADING:
            return _WIDER.get(codec.name, codec.name)
    return None


def decode(data: bytes, declared: str = "") -> tuple[str, bool]:
    """The text and whether the declaration, if any, held good. Never raises."""
    if data.isascii() and not _escapes(declared):
        return data.decode("ascii"), True
    codec = codec_for(declared) if declared else None
    claimed = _strictly(data, codec) if codec else None
    if codec and claimed is not None and codec not in _SINGLE_BYTE:
        return claimed, True
    as_utf8 = _strictly(data, "utf-8")
    if as_utf8 is not None:
        return as_utf8, not declared
    best, score = _likeliest(data)
    if claimed is not None and codec:
        if best != codec and _outweighs(data, score, claimed, codec):
            return data.decode(best, "replace"), False
        return claimed, True
    if score >= _SURE:
        return data.decode(best, "replace"), not declared
    return data.decode(_last_resort(data, codec), "replace"), not declared


def _last_resort(data: bytes, codec: str | None) -> str:
    if codec and codec != "utf-8" and codec not in _SINGLE_BYTE:
        return codec
    return "utf-8" if _mostly_utf8(data) else "cp1252"


_ENOUGH = 12
"""Letters beyond ASCII without which one Cyrillic charset is not preferred to another."""
_SAMPLE = 4000
"""Bytes looked at when a charset is guessed."""
_SINGLE_BYTE = _WESTERN | {codecs.lookup(name).name for name in CYRILLIC}


def _escapes(declared: str) -> bool:
    """Whether the charset hides other letters behind ASCII bytes (ISO-2022, HZ, UTF-7)."""
    return declared.strip().lower().startswith(("iso-2022", "hz", "utf-7", "utf-16", "utf-32"))


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError, AssertionError):
        return None


def _outweighs(data: bytes, score: float, claimed: str, codec: str) -> bool:
    if codec in _WESTERN:
        return score >= _SURE
    strange = sum(byte > 127 for byte in data[:_SAMPLE])
    return strange >= _ENOUGH and score - _russian(claimed[:_SAMPLE]) >= _MARGIN


def _likeliest(data: bytes) -> tuple[str, float]:
    sample = data[:_SAMPLE]
    scores = [(_russian(sample.decode(name, "replace")), name) for name in CYRILLIC]
    score, name = max(scores, key=lambda pair: pair[0])
    return codecs.lookup(name).name, score


def _russian(text: str) -> float:
    """How much the non-ASCII letters look like Russian: 1 surely, 0 or below surely not."""
    total, count = 0.0, 0
    before = " "
    for sign in text:
        if not sign.isascii():
            total += _weight(sign, before)
            count += 1
        elif sign.isalpha() and not before.isascii() and before.isalpha():
            total -= 1.0  # a Latin letter glued to a Cyrillic one
        before = sign
    return total / count if count else 0.0


def _weight(sign: str, before: str) -> float:
    lower = sign.lower()
    if lower not in _FREQUENT:
        return 0.2 if sign in _OFFICE_SIGNS else -1.0
    if before.isascii() and before.isalpha():
        return -1.0
    if sign != lower and before.islower():
        return -0.6
    return _FREQUENT[lower] + 0.1 * (sign == lower)


def _mostly_utf8(data: bytes) -> bool:
    text = data[:_SAMPLE].decode("utf-8", "replace")
    return text.count("\ufffd") * 4 < sum(not sign.isascii() for sign in text)
