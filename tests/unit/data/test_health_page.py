"""The page of a health report stands alone, shows the pictures, and lets no name become markup."""

import base64
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

from cnn_desktop.data.health import check_dataset
from cnn_desktop.data.sets import open_dataset
from tests.unit.data.conftest import Maker

_EMPTY = {"meta", "img", "br"}


class _Tags(HTMLParser):
    """What a page refers to; fails where a tag isn't closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.references: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.references += [value or "" for name, value in attrs if name in {"src", "href", "srcset", "data"}]
        if tag not in _EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture
def page(tmp_path: Path, make_picture: Maker) -> str:
    folder = tmp_path / "zoo & <b>co</b>"
    for number in range(14):
        make_picture(folder / ("<i>ape", "bee")[number % 2] / f"{number}.png", number, size=(300, 200))
    for name in ("again.png", "bee/once more.png"):
        (folder / name).parent.mkdir(exist_ok=True)
    (folder / "bee" / "copy.png").write_bytes((folder / "<i>ape" / "0.png").read_bytes())
    (folder / "bee" / "broken.png").write_bytes(b"broken")
    dataset = open_dataset(str(folder))
    return check_dataset(dataset).to_html(dataset)


def test_it_is_whole_and_needs_nothing_beside_itself(page: str) -> None:
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []
    assert tags.references and all(reference.startswith("data:image/") for reference in tags.references)
    assert not re.search(r"https?://|@import|url\(", page)
    assert "prefers-color-scheme: dark" in page


def test_names_are_text(page: str) -> None:
    assert "<i>ape" not in page and "<b>co</b>" not in page
    assert "&lt;i&gt;ape/0.png" in page and "zoo &amp; &lt;b&gt;co&lt;/b&gt;" in page


def test_pictures_are_shown_small_and_reasons_said(page: str) -> None:
    encoded = re.search(r'<figure title="&lt;i&gt;ape/0.png"><img src="data:image/jpeg;base64,([^"]+)"', page)
    assert encoded is not None
    with Image.open(io.BytesIO(base64.b64decode(encoded[1]))) as picture:
        assert max(picture.size) <= 112 and picture.width > picture.height
    assert "broken.png is damaged or no picture" in page


def test_a_healthy_set_says_so(tmp_path: Path, make_picture: Maker) -> None:
    for number in range(24):
        make_picture(tmp_path / ("ape", "bee")[number % 2] / f"{number}.png", number)
    dataset = open_dataset(str(tmp_path))
    text = check_dataset(dataset).to_html(dataset)
    assert "Nothing to worry about" in text and "<img" not in text


def test_pictures_without_files_and_those_that_are_gone(tmp_path: Path, make_picture: Maker) -> None:
    digits = open_dataset("digits")
    report = check_dataset(digits)
    assert "data:image/png" in report.to_html(digits) or not report.findings
    for number in range(4):
        make_picture(tmp_path / ("ape", "bee")[number % 2] / f"{number}.png", seed=0)
    dataset = open_dataset(str(tmp_path))
    report = check_dataset(dataset)
    (tmp_path / "ape" / "0.png").unlink()
    assert 'class="none"' in report.to_html(dataset)
