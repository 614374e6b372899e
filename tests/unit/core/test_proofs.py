"""What is known of published files: the publisher's hashes, and our own from the first right file on."""

import hashlib
import json
from pathlib import Path

import pytest

from cnn_desktop.core.download import proof_of
from cnn_desktop.core.paths import downloads_dir

URL = "https://example.invalid/data.bin"
CONTENT = b"the right bytes"
MD5 = hashlib.md5(CONTENT).hexdigest()
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "data.bin"
    path.write_bytes(CONTENT)
    return path


def records() -> list[dict[str, object]]:
    return [json.loads(path.read_text()) for path in downloads_dir().glob("*.json")]


def test_a_file_that_fits_the_publishers_hash_is_remembered_by_our_own(file: Path) -> None:
    assert proof_of(URL, md5=MD5).objection(file) == ""
    (record,) = records()
    assert record["sha256"] == SHA256
    assert record["size"] == len(CONTENT)
    assert record["address"] == URL
    assert [str(item) for item in proof_of(URL, md5=MD5).hashes] == [f"MD5 {MD5}", f"SHA-256 {SHA256}"]


def test_a_file_that_fits_the_weak_hash_but_not_our_own_is_refused(file: Path) -> None:
    weak = hashlib.sha256(CONTENT).hexdigest()[:2]  # two digits, so that another file with them is soon found
    assert proof_of(URL, sha256=weak).objection(file) == ""
    forged = next(
        content
        for number in range(10_000)
        if hashlib.sha256(content := b"forged %d" % number).hexdigest().startswith(weak)
    )
    file.write_bytes(forged)
    objection = proof_of(URL, sha256=weak).objection(file)
    assert "isn't the file that was downloaded on" in objection
    (record,) = downloads_dir().glob("*.json")
    assert str(record) in objection
    record.unlink()  # the way out that the sentence names
    assert proof_of(URL, sha256=weak).objection(file) == ""


def test_without_a_hash_the_first_download_is_trusted_and_later_ones_held_against_it(file: Path) -> None:
    assert proof_of(URL).objection(file) == ""
    assert records() == []  # any file of that name: nobody saw it arrive
    proof_of(URL).trust(file)
    assert proof_of(URL).objection(file) == ""
    file.write_bytes(CONTENT + b"!")
    assert "downloaded on" in proof_of(URL).objection(file)
    proof_of(URL).trust(file)
    assert records()[0]["sha256"] == SHA256


def test_a_wrong_file_is_never_remembered(file: Path) -> None:
    file.write_bytes(b"wrong")
    assert proof_of(URL, md5=MD5).objection(file) == "isn't the right file"
    assert proof_of(URL, size=99).objection(file) == "isn't the right file: it has 5 bytes where 99 are right"
    assert records() == []


def test_a_new_version_with_a_new_hash_is_no_forgery(file: Path) -> None:
    assert proof_of(URL, md5=MD5).objection(file) == ""
    file.write_bytes(b"version two")
    renewed = hashlib.md5(b"version two").hexdigest()
    assert proof_of(URL, md5=renewed).objection(file) == ""
    assert records()[0]["sha256"] == hashlib.sha256(b"version two").hexdigest()


@pytest.mark.parametrize("damage", [b"", b"{}", b'{"address": 3', b"\xff\xfe"])
def test_a_record_that_cannot_be_read_proves_nothing_and_is_renewed(file: Path, damage: bytes) -> None:
    proof_of(URL, md5=MD5).objection(file)
    (record,) = downloads_dir().glob("*.json")
    record.write_bytes(damage)
    assert proof_of(URL, md5=MD5).objection(file) == ""
    assert records()[0]["sha256"] == SHA256


def test_files_of_one_name_from_two_addresses_have_records_of_their_own(file: Path) -> None:
    proof_of("https://a.invalid/data.bin").trust(file)
    file.write_bytes(b"another")
    assert proof_of("https://b.invalid/data.bin").objection(file) == ""
