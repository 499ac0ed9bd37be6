"""Near-duplicate answers: found among hundreds of thousands by a few marks, judged on the texts.

MinHash (Broder, «On the resemblance and containment of documents», 1997) over runs of three
words: texts that resemble one another share most of their smallest hashes. The hashes are kept in
bands, so that a database finds candidates by equality; the share of common runs is then counted
exactly.
"""

import hashlib
import re
from collections.abc import Iterable

RUN = 3
"""Words in a run: a changed street or date spoils three runs of a text."""
BANDS = 16
ROWS = 4
"""64 hashes. Texts that share 80 % of their runs meet in a band in 9998 cases of 10 000, those
that share 30 % in one of eight (1 - (1 - s^ROWS)^BANDS)."""
ALIKE = 0.8
"""Texts that share so much are one text (R24)."""
LEAST_RUNS = 5
"""Shorter texts are alike by their nature: «Яма заделана 23.11.2026»."""

_WORD = re.compile(r"\w+")
_PRIME = (1 << 61) - 1
_SEEDS = tuple(
    (int.from_bytes(hashlib.sha256(f"a{n}".encode()).digest()[:7]) | 1,
     int.from_bytes(hashlib.sha256(f"b{n}".encode()).digest()[:7]))
    for n in range(BANDS * ROWS))
"""Fixed for ever: marks kept in a database must stay comparable."""


def runs(text: str) -> frozenset[str]:
    """Every run of three words of a text, letter case and «ё» aside."""
    words = _WORD.findall(text.lower().replace("ё", "е"))
    return frozenset(" ".join(words[place:place + RUN])
                     for place in range(len(words) - RUN + 1))


def marks(text: str) -> tuple[str, ...]:
    """One mark per band, about 20 characters each; none for a text too short to be compared."""
    known = runs(text)
    if len(known) < LEAST_RUNS:
        return ()
    hashes = [int.from_bytes(hashlib.blake2b(one.encode(), digest_size=7).digest())
              for one in known]
    least = [min((a * one + b) % _PRIME for one in hashes) for a, b in _SEEDS]
    return tuple(f"t{band}:{_short(least[band * ROWS:(band + 1) * ROWS])}"
                 for band in range(BANDS))


def _short(values: Iterable[int]) -> str:
    joined = ",".join(map(str, values))
    return hashlib.blake2b(joined.encode(), digest_size=8).hexdigest()


def file_mark(sha256: str) -> str:
    """The mark of a file: the same content, whatever its name."""
    return f"f:{sha256}"


def resemblance(one: str, other: str) -> float:
    """The share of common runs, 0..1 (Jaccard); 0 where a text is too short to tell."""
    return shared(runs(one), runs(other))


def shared(left: frozenset[str], right: frozenset[str]) -> float:
    """The same of the runs of two texts."""
    if min(len(left), len(right)) < LEAST_RUNS:
        return 0.0
    return len(left & right) / len(left | right)
