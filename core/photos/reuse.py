"""The index that finds an old photo among a million; numpy only, so that the bot can hold it.

It proposes, it does not accuse: candidates are compared as pictures (``sameness.py``).
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Fingerprint:
    """Perceptual hashes of one photo, 64 bits each: whole, mirrored, then standard crops."""

    hashes: tuple[int, ...]

    def to_bytes(self) -> bytes:
        """For the database; ``from_bytes`` reads it back."""
        return b"".join(value.to_bytes(8, "big") for value in self.hashes)

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Fingerprint":
        """Raises ``ValueError`` unless the length is that of one fingerprint."""
        if len(raw) != 8 * (2 + len(CROPS)):
            raise ValueError(f"a fingerprint has {8 * (2 + len(CROPS))} bytes, not {len(raw)}")
        return cls(tuple(int.from_bytes(raw[i : i + 8], "big") for i in range(0, len(raw), 8)))


CROPS = tuple(
    (side, left, top)
    for side in (0.88, 0.76)
    for left in (0.0, 0.5, 1.0)
    for top in (0.0, 0.5, 1.0)
)
"""Parts hashed too, so that a cropped copy is found: side, place of what was cut off."""


@dataclass(frozen=True)
class Candidate(Generic[Key]):
    """A photo of the index that may be the one asked for."""

    key: Key
    distance: int  # differing bits of 64, at the best of the hashes
    mirrored: bool


class ReuseIndex(Generic[Key]):
    """All photos ever sent, by fingerprint; exact search by brute force over packed hashes.

    A million photos take about 160 MB; a search of them is for a thread (``asyncio.to_thread``),
    see ``docs/photos.md`` for its time. Additions and searches must not run at once.
    """

    def __init__(self, known: Iterable[tuple[Key, Fingerprint]] = ()) -> None:
        self._keys: list[Key] = []
        self._hashes = np.zeros((2 + len(CROPS), 1024), np.uint64)
        for key, fingerprint in known:
            self.add(key, fingerprint)

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, key: Key, fingerprint: Fingerprint) -> None:
        """Remember a photo."""
        self.extend([key], [fingerprint.to_bytes()])

    def extend(self, keys: Sequence[Key], raw: Sequence[bytes]) -> None:
        """Remember many at once, each as ``Fingerprint.to_bytes`` gave it."""
        count, width = len(self._keys), 2 + len(CROPS)
        hashes = np.frombuffer(b"".join(raw), ">u8").reshape(len(keys), width)
        while count + len(keys) > self._hashes.shape[1]:
            self._hashes = np.concatenate([self._hashes, np.zeros_like(self._hashes)], axis=1)
        self._hashes[:, count : count + len(keys)] = hashes.T
        self._keys.extend(keys)

    def find(
        self, fingerprint: Fingerprint, *, within: int = 10, limit: int = 5
    ) -> list[Candidate[Key]]:
        """Photos that may be the same one, nearest first; to be confirmed on the pictures."""
        count = len(self._keys)
        if not count:
            return []
        found: list[Candidate[Key]] = []
        for first in range(0, count, _BLOCK):  # a block stays in the processor's cache
            block = self._hashes[:, first : min(first + _BLOCK, count)]
            best, flipped = _distances(block, fingerprint)
            for place in np.flatnonzero(best <= within).tolist():
                key = self._keys[first + place]
                found.append(Candidate(key, int(best[place]), bool(flipped[place])))
        return sorted(found, key=lambda one: one.distance)[:limit]


_BLOCK = 16_384


def _distances(
    block: NDArray[np.uint64], asked: Fingerprint
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Differing bits at the best pair of hashes, and whether that was the mirrored one."""
    whole = np.uint64(asked.hashes[0])
    best = np.bitwise_count(block[0] ^ whole)
    mirrored = np.bitwise_count(block[1] ^ whole)
    for row in block[2:]:  # the new photo may be a part of an older one
        np.minimum(best, np.bitwise_count(row ^ whole), out=best)
    for crop in asked.hashes[2:]:  # or the larger one, of which an older one was cut
        np.minimum(best, np.bitwise_count(block[0] ^ np.uint64(crop)), out=best)
    return np.minimum(best, mirrored), mirrored < best
