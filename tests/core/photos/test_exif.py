"""What a file says of itself, and what the rules make of that."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from core.photos import exif
from core.photos.findings import PhotoContext, Result, findings, metres
from core.photos.metadata import ExifReport, Gps
from tests.core.photos.scenes import exif_of, jpeg, moment, noise, report

ARRIVED = moment("2026-11-20T09:00:00+03:00")
NOW = moment("2026-11-24T18:00:00+03:00")
CONTEXT = PhotoContext(message_arrived=ARRIVED, now=NOW)


def told(block: Image.Exif) -> ExifReport:
    return exif.read(jpeg(noise(), exif=block))


def found(code: str, new: ExifReport, reference: ExifReport | None = None) -> Result:
    return next(f.result for f in findings(reference, new, CONTEXT) if f.code == code)


def test_a_photo_without_exif_is_unknown_in_everything_and_accused_of_nothing() -> None:
    results = {f.result for f in findings(report(), report(), CONTEXT)}
    assert results == {Result.UNKNOWN}


def test_the_time_is_when_it_was_taken_and_not_when_it_was_saved() -> None:
    block = exif_of("2026:11:21 12:30:00", offset="+03:00")
    block[ExifTags.Base.DateTime] = "2026:11:23 08:00:00"
    assert told(block).taken_at == datetime(
        2026, 11, 21, 12, 30, tzinfo=timezone(timedelta(hours=3))
    )


@pytest.mark.parametrize(
    "text", ["    :  :     :  :  ", "0000:00:00 00:00:00", "2026:13:41 99:99:99"]
)
def test_a_clock_that_was_never_set_gives_no_time(text: str) -> None:
    assert told(exif_of(text)).taken_at is None


def test_hemispheres_give_the_signs_of_coordinates() -> None:
    block = exif_of()
    gps = block.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLongitudeRef] = "S", "W"
    gps[ExifTags.GPS.GPSLatitude] = (33.0, 30.0, 36.0)
    gps[ExifTags.GPS.GPSLongitude] = (70.0, 15.0, 0.0)
    place = told(block).gps
    assert place is not None
    assert place.latitude == pytest.approx(-33.51)
    assert place.longitude == pytest.approx(-70.25)


def test_a_coordinate_over_zero_is_no_coordinate() -> None:
    block = exif_of()
    gps = block.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitude] = (IFDRational(0, 0), IFDRational(0, 0), IFDRational(0, 0))
    gps[ExifTags.GPS.GPSLongitude] = (37.0, 0.0, 0.0)
    assert told(block).gps is None


def test_a_picture_lying_on_its_side_is_described_upright() -> None:
    seen = told(exif_of(orientation=6))
    assert (seen.width, seen.height, seen.orientation) == (240, 320, 6)


@pytest.mark.parametrize(
    ("software", "edited"),
    [
        ("Adobe Photoshop 25.0 (Windows)", True),
        ("GIMP 2.10.34", True),
        ("Snapseed 2.0", True),
        ("17.6.1", False),
        ("HDR+ 1.0.540104767zd", False),
        (None, False),
    ],
)
def test_editors_sign_themselves(software: str | None, edited: bool) -> None:
    assert told(exif_of(software=software)).edited is edited


def test_an_edited_file_is_a_mismatch_that_names_the_program() -> None:
    edited = told(exif_of(software="GIMP 2.10.34"))
    finding = next(f for f in findings(None, edited, CONTEXT) if f.code == "editing_software")
    assert finding.result is Result.MISMATCH
    assert "GIMP 2.10.34" in finding.text


@pytest.mark.parametrize(
    ("taken", "result"),
    [
        ("2026:11:21 10:00:00", Result.MATCH),
        ("2026:11:19 10:00:00", Result.MISMATCH),
        ("2026:11:20 08:50:00", Result.MATCH),  # clocks of phones differ by minutes
        (None, Result.UNKNOWN),
    ],
)
def test_a_photo_of_the_works_is_taken_after_the_message(
    taken: str | None, result: Result
) -> None:
    assert found("time_after_message", told(exif_of(taken))) is result


def test_a_photo_from_the_future_shows_a_wrong_clock() -> None:
    assert found("time_not_in_future", told(exif_of("2026:11:25 10:00:00"))) is Result.MISMATCH
    assert found("time_not_in_future", told(exif_of("2026:11:24 17:00:00"))) is Result.MATCH


def test_the_offset_of_the_camera_is_respected() -> None:
    taken = told(exif_of("2026:11:20 06:30:00", offset="Z")).taken_at
    assert taken == datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
    # 06:30 UTC is 09:30 in Moscow: after the message
    seen = told(exif_of("2026:11:20 06:30:00", offset="Z"))
    assert found("time_after_message", seen) is Result.MATCH


@pytest.mark.parametrize(
    ("latitude", "result"),
    [(55.75004, Result.MATCH), (55.7513, Result.UNKNOWN), (55.77, Result.MISMATCH)],
)
def test_the_place_is_where_the_citizen_stood(latitude: float, result: Result) -> None:
    citizen = report(gps=Gps(55.75, 37.61))
    assert found("place", report(gps=Gps(latitude, 37.61)), citizen) is result


def test_without_the_citizen_s_coordinates_the_address_serves() -> None:
    context = PhotoContext(latitude=55.75, longitude=37.61)
    near = next(
        f for f in findings(None, report(gps=Gps(55.7501, 37.61)), context) if f.code == "place"
    )
    assert near.result is Result.MATCH
    assert "адреса" in near.text


def test_zero_coordinates_of_a_phone_without_a_fix_are_unknown() -> None:
    citizen = report(gps=Gps(55.75, 37.61))
    assert found("place", report(gps=Gps(0.0, 0.0)), citizen) is Result.UNKNOWN


@pytest.mark.parametrize(
    ("direction", "result"),
    [(350.0, Result.MATCH), (60.0, Result.UNKNOWN), (190.0, Result.MISMATCH)],
)
def test_the_compass_is_compared_around_north(direction: float, result: Result) -> None:
    citizen = report(gps=Gps(55.75, 37.61, 10.0))
    assert found("direction", report(gps=Gps(55.75, 37.61, direction)), citizen) is result


def test_the_same_camera_in_the_same_second_is_the_citizen_s_own_photo() -> None:
    taken = datetime(2026, 11, 21, 12, 30)  # noqa: DTZ001
    one = report(make="Apple", model="iPhone 15", taken_at=taken)
    assert found("camera", one, one) is Result.MISMATCH
    later = report(make="Apple", model="iPhone 15", taken_at=taken + timedelta(days=2))
    assert found("camera", later, one) is Result.MATCH


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres() -> None:
    assert metres(Gps(55, 37), Gps(56, 37)) == pytest.approx(111_195, rel=1e-3)
