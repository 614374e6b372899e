"""Archives as friends and strangers make them: all files inside, or a refusal and nothing left."""

import gzip
import io
import os
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_desktop.core.errors import CancelledError, DatasetError
from cnn_desktop.data.importing.archives import Caps, sweep_unfinished, unpack

FILES = {"cats/a.png": b"a" * 1000, "cats/deep/er/b.png": b"b", "dogs/c.png": b"", "notes.txt": b"n"}


def zipped(path: Path, files: Sequence[tuple[str, bytes]], mode: int = 0) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            info = zipfile.ZipInfo("x")
            info.filename = name  # as it is, without what the constructor would make better
            info.create_system, info.external_attr = 3, mode << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return path


def tarred(
    path: Path, files: Sequence[tuple[str, bytes]], packed: str = "gz", kind: bytes = b"", link: str = ""
) -> Path:
    with tarfile.open(path, f"w:{packed}") as archive:
        for name, content in files:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            if kind:
                member.type, member.linkname, member.size = kind, link, 0
            archive.addfile(member, io.BytesIO(content))
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


Maker = Callable[[Path, Sequence[tuple[str, bytes]]], Path]
MAKERS: dict[str, Maker] = {
    "zip": lambda folder, files: zipped(folder / "pets.zip", files),
    "tar": lambda folder, files: tarred(folder / "pets.tar", files, ""),
    "gz": lambda folder, files: tarred(folder / "pets.tar.gz", files, "gz"),
    "bz2": lambda folder, files: tarred(folder / "pets.tar.bz2", files, "bz2"),
    "xz": lambda folder, files: tarred(folder / "pets.tar.xz", files, "xz"),
}


def is_untouched(folder: Path, archive: Path) -> bool:
    """Nothing but the archive is there, on any level."""
    return list(folder.rglob("*")) == [archive]


@pytest.mark.parametrize("maker", MAKERS.values(), ids=MAKERS)
def test_all_files_are_there_and_nothing_else(maker: Maker, tmp_path: Path) -> None:
    archive = maker(tmp_path, list(FILES.items()))
    seen: list[tuple[int, int]] = []
    done = unpack(archive, tmp_path / "in" / "pets", lambda *now: seen.append(now))
    assert contents(tmp_path / "in" / "pets") == FILES
    assert (done.files, done.left_out) == (4, 0)
    assert list((tmp_path / "in").iterdir()) == [tmp_path / "in" / "pets"]
    assert {total for _done, total in seen} == {archive.stat().st_size}
    assert all(done <= total for done, total in seen)


def test_old_tars_without_a_mark_are_known(tmp_path: Path) -> None:
    path = tmp_path / "pets.tar"
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as archive:
        member = tarfile.TarInfo("cats/a.png")
        member.size = 3
        block = bytearray(member.tobuf(tarfile.USTAR_FORMAT))
        block[257:265] = bytes(8)
        block[148:156] = b" " * 8
        block[148:156] = f"{sum(block):06o}\0 ".encode()
        archive.fileobj.write(bytes(block) + b"abc".ljust(512, b"\0"))
    unpack(path, tmp_path / "pets")
    assert contents(tmp_path / "pets") == {"cats/a.png": b"abc"}


OUTSIDE = [
    "../evil.png",
    "cats/../../evil.png",
    "..\\evil.png",
    "/tmp/evil.png",
    "//host/share/evil.png",
    "C:\\evil.png",
    "c:/evil.png",
    "..",
]


@pytest.mark.parametrize("maker", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize("name", OUTSIDE)
def test_a_path_that_leads_outside_is_a_refusal(name: str, maker: Maker, tmp_path: Path) -> None:
    archive = maker(tmp_path, [("cats/a.png", b"a"), (name, b"evil"), ("dogs/b.png", b"b")])
    with pytest.raises(
        DatasetError, match=r"pets\.\S+ isn't unpacked: it holds the path \S+evil|the path \.\.,"
    ) as raised:
        unpack(archive, tmp_path / "pets")
    assert "\n" not in str(raised.value)
    assert is_untouched(tmp_path, archive)
    assert not Path("/tmp/evil.png").exists()


@given(st.lists(st.sampled_from(["..", ".", "", "a", "b\\..", "C:", "c", "..."]), min_size=1, max_size=6))
@settings(deadline=None, max_examples=60)
def test_no_path_is_ever_written_outside(tmp_path_factory: pytest.TempPathFactory, parts: list[str]) -> None:
    folder = tmp_path_factory.mktemp("paths")
    archive = zipped(folder / "a.zip", [("/".join(parts), b"x")])
    try:
        unpack(archive, folder / "deep" / "er")
    except DatasetError:
        assert is_untouched(folder, archive) or list((folder / "deep").iterdir()) == []
    written = [path for path in folder.rglob("*") if path.is_file() and path != archive]
    assert all(path.is_relative_to(folder / "deep" / "er") for path in written)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE])
@pytest.mark.parametrize("link", ["/etc/passwd", "../../etc/passwd", "..\\..\\secret"])
def test_a_link_that_leads_outside_is_a_refusal(kind: bytes, link: str, tmp_path: Path) -> None:
    archive = tarred(tmp_path / "pets.tar.gz", [("cats/a.png", b"")], kind=kind, link=link)
    with pytest.raises(DatasetError, match="isn't unpacked: it holds the path"):
        unpack(archive, tmp_path / "pets")
    packed = zipped(tmp_path / "pets.zip", [("cats/a.png", link.encode())], stat.S_IFLNK | 0o777)
    with pytest.raises(DatasetError, match="isn't unpacked: it holds the path"):
        unpack(packed, tmp_path / "pets")
    assert not (tmp_path / "pets").exists()


def test_links_that_stay_inside_are_left_packed_and_nothing_goes_through_them(tmp_path: Path) -> None:
    path = tmp_path / "pets.tar"
    with tarfile.open(path, "w") as archive:
        link = tarfile.TarInfo("birds")
        link.type, link.linkname = tarfile.SYMTYPE, "cats"
        archive.addfile(link)
        for name in ("cats/a.png", "birds/b.png"):
            archive.addfile(tarfile.TarInfo(name), io.BytesIO())
    done = unpack(path, tmp_path / "pets")
    assert contents(tmp_path / "pets") == {"cats/a.png": b"", "birds/b.png": b""}
    assert (done.files, done.left_out) == (2, 1)
    assert not any(path.is_symlink() for path in (tmp_path / "pets").rglob("*"))


@pytest.mark.parametrize("kind", [tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE])
def test_pipes_and_devices_are_left_packed(kind: bytes, tmp_path: Path) -> None:
    archive = tarred(tmp_path / "pets.tar.gz", [("cats/a.png", b"")], kind=kind)
    assert unpack(archive, tmp_path / "pets").left_out == 1
    packed = zipped(tmp_path / "pets.zip", [("cats/a.png", b"")], stat.S_IFIFO)
    assert unpack(packed, tmp_path / "more").left_out == 1
    assert contents(tmp_path) == {"pets.tar.gz": archive.read_bytes(), "pets.zip": packed.read_bytes()}


def test_what_a_system_cannot_have_is_left_packed(tmp_path: Path) -> None:
    names = ["cats/a.png", "cats/a.png", "cats/a.png/b.png", "n" * 300 + ".png", "dogs"]
    with pytest.warns(UserWarning, match="Duplicate name"):
        archive = zipped(tmp_path / "a.zip", [*((name, b"1") for name in names), ("dogs/c.png", b"2")])
    done = unpack(archive, tmp_path / "pets")
    assert contents(tmp_path / "pets") == {"cats/a.png": b"1", "dogs": b"1"}
    assert (done.files, done.left_out) == (2, 4)


@pytest.mark.parametrize("maker", MAKERS.values(), ids=MAKERS)
def test_bombs_are_refused_by_their_ratio_and_leave_nothing(maker: Maker, tmp_path: Path) -> None:
    archive = maker(tmp_path, [(f"cats/{number}.png", bytes(1_000_000)) for number in range(9)])
    caps = Caps(ratio=20, unsuspicious=1_000_000)
    if archive.suffix == ".tar":  # isn't packed at all
        assert unpack(archive, tmp_path / "pets", caps=caps).files == 9
        return
    with pytest.raises(DatasetError, match="it unpacks to more than 20 times its size"):
        unpack(archive, tmp_path / "pets", caps=caps)
    assert is_untouched(tmp_path, archive)


@pytest.mark.parametrize("maker", MAKERS.values(), ids=MAKERS)
def test_size_and_count_have_caps(maker: Maker, tmp_path: Path) -> None:
    archive = maker(tmp_path, [(f"{number}.png", os.urandom(5000)) for number in range(10)])
    with pytest.raises(DatasetError, match="it holds more than 20 kB"):
        unpack(archive, tmp_path / "pets", caps=Caps(total=20_000))
    with pytest.raises(DatasetError, match="it holds more than 9 files"):
        unpack(archive, tmp_path / "pets", caps=Caps(files=9))
    assert is_untouched(tmp_path, archive)


def test_a_zip_that_lies_about_its_sizes_and_overlaps_is_no_way_around(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", [("cats/a.png", bytes(3_000_000))])
    content = bytearray(archive.read_bytes())
    start = content.rindex(b"PK\x01\x02")
    entry, end = bytes(content[start : content.rindex(b"PK\x05\x06")]), bytearray(content[-22:])
    count = 50
    struct.pack_into("<HHLL", end, 8, count, count, len(entry) * count, start)
    archive.write_bytes(bytes(content[:start]) + entry * count + bytes(end))
    with pytest.raises(DatasetError):
        unpack(archive, tmp_path / "pets", caps=Caps(ratio=100, unsuspicious=1_000_000))
    struct.pack_into("<L", content, start + 24, 10)  # says ten bytes
    archive.write_bytes(content)
    with pytest.raises(DatasetError):
        unpack(archive, tmp_path / "pets")
    assert is_untouched(tmp_path, archive)


def test_a_tar_header_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, 200 << 20
    archive = tmp_path / "a.tar.gz"
    with gzip.open(archive, "wb", compresslevel=1) as stream:
        stream.write(header.tobuf() + bytes(1 << 20))
    with pytest.raises(DatasetError, match="damaged or cut off"):
        unpack(archive, tmp_path / "pets")
    assert is_untouched(tmp_path, archive)


@pytest.mark.parametrize("maker", MAKERS.values(), ids=MAKERS)
def test_cut_and_damaged_archives_are_sentences(maker: Maker, tmp_path: Path) -> None:
    archive = maker(tmp_path, [(f"cats/{number}.png", os.urandom(3000)) for number in range(20)])
    whole = archive.read_bytes()
    for length in (20, 600, len(whole) // 3, len(whole) // 2):
        archive.write_bytes(whole[:length])
        with pytest.raises(DatasetError, match=r"pets\.\S+ (is damaged|can't be unpacked)") as raised:
            unpack(archive, tmp_path / "pets")
        assert str(raised.value).endswith(".")
        assert is_untouched(tmp_path, archive)


@given(place=st.integers(0, 10_000), value=st.integers(1, 255), which=st.sampled_from(sorted(MAKERS)))
@settings(deadline=None, max_examples=80)
def test_any_wrong_byte_is_survived(
    tmp_path_factory: pytest.TempPathFactory, place: int, value: int, which: str
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    archive = MAKERS[which](folder, list(FILES.items()))
    content = bytearray(archive.read_bytes())
    content[place % len(content)] ^= value
    archive.write_bytes(content)
    try:
        unpack(archive, folder / "pets")
    except DatasetError:
        assert is_untouched(folder, archive)


def test_a_locked_zip_is_said(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "pets.zip", [("a.png", b"a")])
    content = bytearray(archive.read_bytes())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(content)
    with pytest.raises(DatasetError, match="locked by a password; unpack it yourself"):
        unpack(archive, tmp_path / "pets")


def test_a_way_of_packing_that_is_not_known_is_said(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "pets.zip", [("a.png", b"a")])
    content = bytearray(archive.read_bytes())
    for start in (content.index(b"PK\x03\x04") + 8, content.rindex(b"PK\x01\x02") + 10):
        content[start] = 99
    archive.write_bytes(content)
    with pytest.raises(DatasetError, match="packed in a way that isn't known"):
        unpack(archive, tmp_path / "pets")


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"no archive", gzip.compress(b"no tar", mtime=0), b"BZh9", bytes(2000)]
)
def test_what_is_no_archive_is_said(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(DatasetError, match="neither zip nor tar"):
        unpack(tmp_path / "a.zip", tmp_path / "pets")


@pytest.mark.parametrize("maker", MAKERS.values(), ids=MAKERS)
def test_cancelling_leaves_nothing(maker: Maker, tmp_path: Path) -> None:
    archive = maker(tmp_path, [(f"cats/{number}.png", os.urandom(100_000)) for number in range(6)])

    def cancel(done: int, total: int) -> None:
        if done > total / 3:
            raise CancelledError("enough")

    with pytest.raises(CancelledError):
        unpack(archive, tmp_path / "pets", cancel)
    assert is_untouched(tmp_path, archive)


def test_names_of_other_languages_arrive_whole(tmp_path: Path) -> None:
    names = ["Kätzchen/🐈.png", "犬/a.png"]
    for number, maker in enumerate(MAKERS.values()):
        unpack(maker(tmp_path, [(name, b"") for name in names]), tmp_path / str(number))
        assert sorted(contents(tmp_path / str(number))) == sorted(names)
    archive = zipped(tmp_path / "a.zip", [("Katzchen/a.png", b"")])
    unmarked = archive.read_bytes().replace(b"Katzchen", "Kätchen".encode())
    archive.write_bytes(unmarked)  # UTF-8 that doesn't say so, as several programs write it
    unpack(archive, tmp_path / "unmarked")
    assert list(contents(tmp_path / "unmarked")) == ["Kätchen/a.png"]


def test_what_a_killed_program_left_is_swept_when_it_is_old(tmp_path: Path) -> None:
    archive = MAKERS["zip"](tmp_path, list(FILES.items()))
    left: list[Path] = []

    def look(_done: int, _total: int) -> None:
        left[:] = [path for path in tmp_path.iterdir() if path.is_dir()]
        if left:
            os.utime(left[0], (1000, 1000))
            sweep_unfinished(tmp_path, 1000)
            assert left[0].exists()
            sweep_unfinished(tmp_path, 1001)
            assert not left[0].exists()
            raise CancelledError("seen")

    with pytest.raises(CancelledError):
        unpack(archive, tmp_path / "pets", look)
