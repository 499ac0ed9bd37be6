"""Files are kept by content: whole, once, and what was put is what comes back."""

import asyncio
import base64
import errno
import hashlib
import json
import os
from mmap import ACCESS_READ, mmap
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from core.errors import NotFoundError
from core.files import FileRef, NewFile
from core.ports import FileStore
from storage import documents, files
from storage.errors import StorageError
from storage.files import DiskFileStore


@pytest.fixture
def store(tmp_path: Path) -> DiskFileStore:
    return DiskFileStore(tmp_path / "files")


def everything(store: DiskFileStore) -> list[Path]:
    return [one for one in store.folder.rglob("*") if one.is_file()]


async def test_bytes_come_back_by_their_reference(store: DiskFileStore) -> None:
    port: FileStore = store
    ref = await port.put(b"photo", "яма.jpg", "image/jpeg")
    assert ref == FileRef(hashlib.sha256(b"photo").hexdigest(), "яма.jpg", "image/jpeg", 5)
    assert await port.get(ref) == b"photo"


async def test_same_bytes_are_kept_once(store: DiskFileStore) -> None:
    refs = await asyncio.gather(*(store.put(b"same", f"{n}.jpg", "image/jpeg")
                                  for n in range(20)))
    assert {one.sha256 for one in refs} == {refs[0].sha256}
    assert everything(store) == [store.path_of(refs[0].sha256)]


async def test_many_files_are_kept_as_one_by_one(store: DiskFileStore) -> None:
    contents = [b"one", b"two", b"one", b"", b"x" * 100_000]
    refs = await store.put_all([NewFile(one, f"{place}.bin", "application/octet-stream")
                                for place, one in enumerate(contents)])
    assert [await store.get(ref) for ref in refs] == contents
    assert [ref.name for ref in refs] == ["0.bin", "1.bin", "2.bin", "3.bin", "4.bin"]
    assert len(everything(store)) == 4
    assert await store.put_all([]) == []


async def test_what_lies_in_a_file_is_kept_without_being_read_whole(store: DiskFileStore) -> None:
    content = b"portion " * 400_000
    with TemporaryFile() as aside:
        aside.write(content)
        aside.flush()
        lying = mmap(aside.fileno(), 0, access=ACCESS_READ)
    refs = await store.put_all([NewFile(lying, "1.eml", "message/rfc822"),
                                NewFile(content, "2.eml", "message/rfc822")])
    assert [one.sha256 for one in refs] == [hashlib.sha256(content).hexdigest()] * 2
    assert refs[0].size == len(content)
    assert await store.get(refs[0]) == content


PHOTO = bytes(range(256)) * 40
WRITTEN = base64.encodebytes(PHOTO)


def letter_and_photo(written: bytes = WRITTEN) -> tuple[NewFile, NewFile]:
    letter = NewFile(b"Subject: x\r\n\r\n" + written + b"--", "7.eml", "message/rfc822")
    start = letter.content.find(written)
    return letter, NewFile(PHOTO, "яма.jpg", "image/jpeg", letter, (start, start + len(written)))


async def test_attachment_is_cut_out_of_its_letter_and_not_kept_twice(store: DiskFileStore
                                                                      ) -> None:
    letter, photo = letter_and_photo()
    raw, ref = await store.put_all([letter, photo])
    assert everything(store) == [store.path_of(raw.sha256)]
    assert ref == FileRef(hashlib.sha256(PHOTO).hexdigest(), "яма.jpg", "image/jpeg", len(PHOTO))
    assert await store.get(ref) == PHOTO
    assert await store.get(raw) == letter.content
    assert documents.read(documents.write(ref), FileRef).inside == ref.inside is not None


async def test_a_reference_of_earlier_days_is_a_file_of_its_own(store: DiskFileStore) -> None:
    ref = await store.put(b"photo", "яма.jpg", "image/jpeg")
    kept = json.dumps({"sha256": ref.sha256, "name": ref.name, "media_type": ref.media_type,
                       "size": ref.size})
    assert await store.get(documents.read(kept, FileRef)) == b"photo"


@pytest.mark.parametrize("spoilt", [
    WRITTEN.replace(b"A", b"B", 1), WRITTEN[:-10], b"", b"?" * len(WRITTEN)])
async def test_attachment_of_a_damaged_letter_is_not_given_out(
        store: DiskFileStore, spoilt: bytes) -> None:
    letter, photo = letter_and_photo()
    raw, ref = await store.put_all([letter, photo])
    store.path_of(raw.sha256).write_bytes(letter_and_photo(spoilt)[0].content)
    with pytest.raises(StorageError, match="повреждён"):
        await store.get(ref)


async def test_attachment_of_a_letter_that_is_gone_is_not_found(store: DiskFileStore) -> None:
    raw, ref = await store.put_all(letter_and_photo())
    store.path_of(raw.sha256).unlink()
    with pytest.raises(NotFoundError, match=r"яма\.jpg"):
        await store.get(ref)


async def test_file_that_is_gone_is_not_found(store: DiskFileStore) -> None:
    with pytest.raises(NotFoundError, match=r"яма\.jpg"):
        await store.get(FileRef("0" * 64, "яма.jpg", "image/jpeg", 1))


@pytest.mark.parametrize("sha256", ["", "../../etc/passwd", "A" * 64, "0" * 63])
async def test_reference_cannot_leave_the_store(store: DiskFileStore, sha256: str) -> None:
    with pytest.raises(NotFoundError):
        await store.get(FileRef(sha256, "x", "", 1))


async def test_damaged_file_is_not_given_out(store: DiskFileStore) -> None:
    ref = await store.put(b"photo", "яма.jpg", "image/jpeg")
    store.path_of(ref.sha256).write_bytes(b"phot0")
    with pytest.raises(StorageError, match="повреждён"):
        await store.get(ref)


async def test_file_cut_short_by_a_crash_is_written_anew(store: DiskFileStore) -> None:
    ref = await store.put(b"photo", "яма.jpg", "image/jpeg")
    store.path_of(ref.sha256).write_bytes(b"")
    assert await store.get(await store.put(b"photo", "яма.jpg", "image/jpeg")) == b"photo"


def many(count: int = 40) -> list[NewFile]:
    return [NewFile(f"photo {one}".encode(), f"{one}.jpg", "image/jpeg") for one in range(count)]


async def test_many_files_are_whole_on_the_disk_before_they_are_named(
        store: DiskFileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The power may fail at any moment: a name must never stand for half a file."""
    seen: list[tuple[int, int]] = []
    real = files._synced

    def synced(handle: int) -> bool:
        names = [one.name.startswith(".new-") for one in everything(store)]
        seen.append((names.count(True), names.count(False)))
        return real(handle)

    monkeypatch.setattr("storage.files._synced", synced)
    refs = await store.put_all(many())
    assert seen == [(40, 0), (0, 40)], "once for what is in the files, once for their names"
    assert [await store.get(one) for one in refs] == [one.content for one in many()]


async def test_a_system_that_cannot_write_all_at_once_is_asked_file_by_file(
        store: DiskFileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("storage.files._synced", lambda _: False)
    monkeypatch.setattr("storage.files.os.fsync",
                        lambda handle: asked.append(os.readlink(f"/proc/self/fd/{handle}")))
    refs = await store.put_all(many())
    folders = {str(store.path_of(one.sha256).parent) for one in refs}
    assert sum(Path(one).name.startswith(".new-") for one in asked) == len(refs)
    assert folders | {str(store.folder)} <= set(asked)


async def test_a_disk_that_fails_when_all_is_written_at_once_leaves_nothing(
        store: DiskFileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(handle: int) -> bool:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("storage.files._synced", refuse)
    with pytest.raises(StorageError, match="закончилось место"):
        await store.put_all(many())
    assert everything(store) == []


@pytest.mark.parametrize(("number", "sentence"), [
    (errno.ENOSPC, "закончилось место"), (errno.EROFS, "нельзя писать"),
    (errno.EIO, "не отвечает")])
async def test_full_or_broken_disk_is_one_sentence_and_leaves_nothing(
        store: DiskFileStore, monkeypatch: pytest.MonkeyPatch, number: int, sentence: str
        ) -> None:
    def refuse(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("storage.files.os.fsync", refuse)
    with pytest.raises(StorageError, match=sentence):
        await store.put(b"photo", "яма.jpg", "image/jpeg")
    assert everything(store) == []
