"""Made-up EXIF blocks and image headers: an answer, in bounds, and never an exception."""

import json
import struct
from math import isfinite

from hypothesis import given, settings
from hypothesis import strategies as st

from core.photos import exif, files
from core.photos.findings import PhotoContext, findings
from tests.core.photos.scenes import jpeg, moment, noise

CONTEXT = PhotoContext(moment("2026-11-20T09:00:00+03:00"), moment("2026-11-24T18:00:00+03:00"))
PLAIN = jpeg(noise(240, 220))

TAGS = (0x010F, 0x0110, 0x0112, 0x0131, 0x8769, 0x8825, 0x9003, 0x9004, 0x9011, 0x9012, 0x9291,
        0xA405, 0x02BC, 0x014A, 0xA005, 1, 2, 3, 4, 16, 17)
"""Those that are read, those that lead to further directories, and those of GPS."""

values = st.one_of(
    st.binary(max_size=4),
    st.sampled_from([b"\0\0\0\x08", b"\x08\0\0\0", b"\xff\xff\xff\xff", b"\x80\0\0\0"]),
)
entries = st.tuples(
    st.one_of(st.sampled_from(TAGS), st.integers(0, 65535)), st.integers(0, 14),
    st.one_of(st.integers(0, 12), st.sampled_from([2**16, 2**31, 2**32 - 1])), values)
tails = st.one_of(
    st.binary(max_size=80),
    st.lists(st.sampled_from([b"2026:11:20 10:00:00\0", b"+03:00\0", b"N\0", b"W\0", b"M\0",
                              struct.pack(">II", 55, 1), struct.pack("<II", 37, 0),
                              struct.pack(">II", 2**32 - 1, 1), b"\xd0\x9f\xff\0"]),
             max_size=8).map(b"".join))


def directory(order: str, lines: list[tuple[int, int, int, bytes]], following: int) -> bytes:
    body = struct.pack(order + "H", len(lines))
    for tag, kind, count, value in lines:
        body += struct.pack(order + "HHI", tag, kind, count) + value.ljust(4, b"\0")
    return body + struct.pack(order + "I", following)


@st.composite
def blocks(draw: st.DrawFn) -> bytes:
    """A TIFF structure of one to three directories whose entries and offsets are anything."""
    order = draw(st.sampled_from("<>"))
    block = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(
        order + "I", draw(st.sampled_from([0, 4, 8, 8, 8, 8, 9, 2**31])))
    for _ in range(draw(st.integers(1, 3))):
        lines = draw(st.lists(entries, max_size=8))
        block += directory(order, lines, draw(st.sampled_from([0, 0, 8, len(block), 2**32 - 1])))
    return block + draw(tails)


def with_exif(block: bytes) -> bytes:
    body = b"Exif\0\0" + block
    return PLAIN[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + PLAIN[2:]


@settings(max_examples=300, deadline=None)
@given(blocks())
def test_any_exif_block_gives_a_report_within_bounds(block: bytes) -> None:
    data = with_exif(block)
    told = exif.read(data)
    assert told.error is None
    assert {told.width, told.height} == {240, 220}
    if told.gps is not None:
        assert abs(told.gps.latitude) <= 90
        assert abs(told.gps.longitude) <= 180
        assert told.gps.direction_deg is None or 0 <= told.gps.direction_deg <= 360
    assert told.focal_35mm is None or isfinite(told.focal_35mm)
    json.dumps(told.to_json(), allow_nan=False).encode()
    assert len(findings(told, told, CONTEXT)) == 6
    assert all(one.text.endswith(".") for one in findings(None, told, CONTEXT))
    assert max(files.load(data).pixels.size) == 240


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + b"\0\0\0\0"


sides = st.one_of(st.integers(0, 70000), st.sampled_from([0, 1, 65535, 2**31 - 1, 2**32 - 1]))
headers = st.one_of(
    st.builds(lambda wide, high, tail: b"\x89PNG\r\n\x1a\n" + chunk(
        b"IHDR", struct.pack(">II", wide, high) + tail[:5].ljust(5, b"\x08")) + tail,
        sides, sides, st.binary(max_size=60)),
    st.builds(lambda wide, high, parts, tail: b"\xff\xd8\xff\xc0" + struct.pack(
        ">HBHHB", 8 + 3 * parts, 8, high % 65536, wide % 65536, parts) + tail,
        sides, sides, st.integers(0, 5), st.binary(max_size=60)),
    st.builds(lambda wide, high, rest: b"II*\0" + struct.pack("<I", 8) + directory("<", [
        (256, 4, 1, struct.pack("<I", wide)), (257, 4, 1, struct.pack("<I", high)), *rest], 0),
        sides, sides, st.lists(entries, max_size=6)),
    st.builds(lambda size, brand, tail: struct.pack(">I", size) + b"ftyp" + brand + tail,
              st.sampled_from([0, 1, 8, 24, 2**32 - 1]),
              st.sampled_from([b"heic", b"mif1", b"avif", b"isom"]), st.binary(max_size=80)),
)


@settings(max_examples=300, deadline=2000)
@given(headers)
def test_any_header_is_refused_or_read_at_once(data: bytes) -> None:
    told = exif.read(data)
    assert told.error is None or told.error.endswith(".")
    code, long_side = outcome(data)
    assert code.startswith("reject_") or long_side <= files.LOAD_SIDE


def outcome(data: bytes) -> tuple[str, int]:
    """The refusal's code, or the long side of what was read."""
    try:
        return "", max(files.load(data).pixels.size)
    except files.PhotoRefusedError as refused:
        return refused.code, 0
