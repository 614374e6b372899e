"""From a file to pixels: the fast way sees what the careful way sees, and refuses what that refuses."""

import io
import os
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
import simplejpeg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from cnn_desktop.core.errors import ImageError
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data import jpeg
from cnn_desktop.data.decoding import open_picture, read_pixels
from cnn_desktop.data.images import open_image
from cnn_desktop.data.pictures import to_pixels

pytestmark = [
    pytest.mark.filterwarnings("ignore::UserWarning:PIL"),
    pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning"),
]

RED, GREEN, BLUE, BLACK = (255, 0, 0), (0, 255, 0), (0, 0, 255), (0, 0, 0)


def wanting(height: int, width: int, channels: Literal[1, 3] = 3, **changes: object) -> Preprocessing:
    return Preprocessing.unit_range(height, width, channels).model_copy(update=changes)


def cropping(shorter_side: int, side: int) -> Preprocessing:
    return wanting(side, side, resize="crop", shorter_side=shorter_side)


def smooth(width: int, height: int) -> Image.Image:
    """Colours that change slowly, so that all ways of making them smaller agree."""
    down, across = np.mgrid[0:height, 0:width]
    channels = 255 * across / width, 255 * down / height, 255 * (1 - across / width)
    return Image.fromarray(np.stack(channels, axis=-1).astype(np.uint8))


def careful(path: Path, preprocessing: Preprocessing) -> np.ndarray:
    return to_pixels(open_image(path), preprocessing)


@pytest.fixture
def decoded_sizes(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """(width, height) of what simplejpeg decoded."""
    sizes: list[tuple[int, int]] = []
    real = simplejpeg.decode_jpeg

    def watched(*arguments: object, **options: object) -> np.ndarray:
        decoded = real(*arguments, **options)  # pyright: ignore[reportArgumentType]
        sizes.append((decoded.shape[1], decoded.shape[0]))
        return decoded

    monkeypatch.setattr(simplejpeg, "decode_jpeg", watched)
    return sizes


# Scales


@pytest.mark.parametrize(
    ("preprocessing", "decoded"),
    [
        (wanting(375, 500), (500, 375)),
        (wanting(160, 160), (500, 375)),
        (wanting(128, 128), (250, 188)),
        (wanting(64, 64), (125, 94)),
        (wanting(32, 32), (63, 47)),
        (wanting(8, 8), (63, 47)),
        (wanting(64, 250), (500, 375)),
        (cropping(256, 224), (500, 375)),
        (cropping(128, 112), (250, 188)),
    ],
)
def test_jpegs_are_decoded_at_the_smallest_scale_that_leaves_a_quarter_more_than_needed(
    tmp_path: Path, preprocessing: Preprocessing, decoded: tuple[int, int], decoded_sizes: list[tuple[int, int]]
) -> None:
    path = tmp_path / "a.jpg"
    smooth(500, 375).save(path, quality=95)
    found = read_pixels(path, preprocessing)
    assert decoded_sizes == [decoded]
    assert found.dtype == np.uint8
    assert found.shape == (3, preprocessing.height, preprocessing.width)
    assert np.abs(found.astype(int) - careful(path, preprocessing)).mean() < 2


def test_at_full_scale_both_ways_give_the_same_pixels(test_data: Path) -> None:
    for path in sorted((test_data / "imagenet_samples").glob("*.JPEG"))[:8] or pytest.fail("no photos"):
        preprocessing = wanting(300, 400)
        assert (read_pixels(path, preprocessing) == careful(path, preprocessing)).all()


def test_reduced_photos_are_what_pillow_makes_of_them_at_the_same_scale(test_data: Path) -> None:
    for path in sorted((test_data / "imagenet_samples").glob("*.JPEG"))[:8] or pytest.fail("no photos"):
        preprocessing = wanting(48, 48)
        with Image.open(path) as photo:
            photo.draft(None, (photo.width // 4, photo.height // 4))
            assert (read_pixels(path, preprocessing) == to_pixels(photo.convert("RGB"), preprocessing)).all()


@pytest.mark.parametrize("name", ["a.jpg", "progressive.jpg", "grey.jpg", "damaged.jpg"])
def test_full_decoding_gives_the_pixels_that_pillow_gives(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    photo = Image.effect_noise((500, 375), 80).convert("RGB")
    photo = Image.blend(photo, smooth(500, 375), 0.6).convert("L" if name == "grey.jpg" else "RGB")
    photo.save(path, progressive=name == "progressive.jpg")
    if name == "damaged.jpg":  # libjpeg-turbo objects, Pillow doesn't
        content = path.read_bytes()
        path.write_bytes(content[:-2] + b"more" + content[-2:])
    preprocessing = wanting(32, 32, decoder="full")
    assert (read_pixels(path, preprocessing) == careful(path, preprocessing)).all()
    assert (open_picture(path).pixels(preprocessing) == careful(path, preprocessing)).all()


def test_full_decoding_takes_all_pixels(tmp_path: Path, decoded_sizes: list[tuple[int, int]]) -> None:
    path = tmp_path / "a.jpg"
    smooth(500, 375).save(path)
    read_pixels(path, wanting(32, 32, decoder="full"))
    assert decoded_sizes == [(500, 375)]


# Orientations and modes


@pytest.mark.parametrize("scale", [1, 4])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_jpegs_are_upright_at_every_scale(
    tmp_path: Path, orientation: int, scale: int, decoded_sizes: list[tuple[int, int]]
) -> None:
    upright = Image.new("RGB", (256, 128), BLACK)
    upright.paste(RED, (0, 0, 128, 64))
    upright.paste(BLUE, (128, 64, 256, 128))
    turns = [None, 0, 3, 1, 5, 2, 6, 4]  # what takes the upright picture to how it is stored
    turn = turns[orientation - 1]
    stored = upright if turn is None else upright.transpose(Image.Transpose(turn))
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "a.jpg"
    stored.save(path, exif=exif.tobytes(), quality=100, subsampling=0)
    preprocessing = wanting(128 // scale, 256 // scale) if scale == 1 else wanting(24, 48)
    found = read_pixels(path, preprocessing).transpose(1, 2, 0).astype(int)
    height, width = found.shape[:2]
    for row, column, colour in ((0, 0, RED), (0, 1, BLACK), (1, 0, BLACK), (1, 1, BLUE)):
        patch = found[row * height // 2 :, column * width // 2 :][2 : height // 2 - 2, 2 : width // 2 - 2]
        assert np.abs(patch - colour).max() <= 12
    assert max(decoded_sizes[0]) == 256 // scale


def test_the_size_that_is_needed_is_that_of_the_upright_picture(
    tmp_path: Path, decoded_sizes: list[tuple[int, int]]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "a.jpg"
    smooth(400, 100).save(path, exif=exif.tobytes())  # upright it is 100 wide and 400 high
    read_pixels(path, wanting(160, 40))
    assert decoded_sizes == [(200, 50)]


def test_grey_jpegs_and_grey_networks(tmp_path: Path) -> None:
    path = tmp_path / "grey.jpg"
    smooth(200, 160).convert("L").save(path, quality=100)
    coloured = tmp_path / "coloured.jpg"
    smooth(200, 160).save(coloured, quality=100)
    for channels in (1, 3):
        preprocessing = wanting(20, 20, channels)
        for file in (path, coloured):
            assert np.abs(read_pixels(file, preprocessing).astype(int) - careful(file, preprocessing)).max() <= 3


ODD_JPEGS: dict[str, Callable[[Path], None]] = {
    "rgb": lambda path: smooth(200, 160).save(path, quality=100, keep_rgb=True),
    "progressive": lambda path: smooth(200, 160).save(path, quality=95, progressive=True),
    "cmyk": lambda path: smooth(200, 160).convert("CMYK").save(path, quality=95),
    "mpo": lambda path: smooth(200, 160).save(
        path, "MPO", save_all=True, append_images=[Image.new("RGB", (200, 160), GREEN)], quality=95
    ),
}


@pytest.mark.parametrize("kind", ODD_JPEGS)
def test_odd_jpegs_have_the_same_colours_on_both_ways(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "odd.jpg"
    ODD_JPEGS[kind](path)
    whole, reduced = wanting(160, 200), wanting(20, 20)
    assert (read_pixels(path, whole) == careful(path, whole)).all()
    assert np.abs(read_pixels(path, reduced).astype(int) - careful(path, reduced)).max() <= 3


def test_cmyk_goes_pillows_way(tmp_path: Path, decoded_sizes: list[tuple[int, int]]) -> None:
    path = tmp_path / "inks.jpg"
    ODD_JPEGS["cmyk"](path)
    read_pixels(path, wanting(20, 20))
    assert decoded_sizes == []


@pytest.mark.parametrize("preprocessing", [wanting(12, 20), wanting(12, 20, decoder="full", resizer="pillow")])
def test_a_picture_opened_for_the_window_gives_the_network_the_same(
    tmp_path: Path, preprocessing: Preprocessing
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 8
    for name in ("a.jpg", "a.png", "a.webp"):
        smooth(160, 200).save(tmp_path / name, exif=exif.tobytes())
        opened = open_picture(tmp_path / name)
        assert opened.size == opened.picture.size == (200, 160)
        assert opened.is_turned
        assert (opened.pixels(preprocessing) == read_pixels(tmp_path / name, preprocessing)).all()


@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
def test_what_is_drawn_is_upright_and_no_larger_than_asked_for(tmp_path: Path, name: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    smooth(400, 300).save(tmp_path / name, exif=exif.tobytes())
    opened, given = open_picture(tmp_path / name), open_picture(tmp_path / name)
    given.pixels(wanting(8, 8, decoder="full"))
    for looked_at, (longest, size) in product((opened, given), ((100, (75, 100)), (1000, (300, 400)))):
        drawn = looked_at.reduced(longest)
        assert (drawn.size, drawn.mode) == (size, "RGB")
        wanted = smooth(400, 300).transpose(Image.Transpose.ROTATE_270).resize(size, Image.Resampling.BOX)
        assert np.abs(np.array(drawn).astype(int) - np.array(wanted)).mean() < 3


def test_a_large_jpeg_is_decoded_only_as_far_as_it_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, decoded_sizes: list[tuple[int, int]]
) -> None:
    path = tmp_path / "a.jpg"
    smooth(1600, 1200).save(path)
    drafts: list[tuple[int, int]] = []
    load = ImageFile.ImageFile.load

    def watched(picture: ImageFile.ImageFile) -> object:
        drafts.append(picture.size)
        return load(picture)

    monkeypatch.setattr(ImageFile.ImageFile, "load", watched)
    opened = open_picture(path)
    assert decoded_sizes == drafts == []
    opened.pixels(wanting(64, 64))
    assert decoded_sizes == [(200, 150)]
    opened.reduced(300)
    assert set(drafts) == {(400, 300)}


def test_what_was_decoded_whole_is_decoded_once(tmp_path: Path, decoded_sizes: list[tuple[int, int]]) -> None:
    path = tmp_path / "a.jpg"
    smooth(400, 300).save(path)
    opened = open_picture(path)
    for side in (8, 16):
        preprocessing = wanting(side, side, decoder="full")
        assert (opened.pixels(preprocessing) == careful(path, preprocessing)).all()
    opened.reduced(100)
    assert decoded_sizes == [(400, 300)]


def test_a_jpeg_that_turns_out_to_be_damaged_says_its_name(tmp_path: Path) -> None:
    path = tmp_path / "torn.jpg"
    content = encoded()
    path.write_bytes(content[: len(content) // 2])
    opened = open_picture(path)
    assert opened.size == (64, 48)
    for look in (lambda: opened.pixels(wanting(4, 4)), lambda: opened.reduced(10), lambda: opened.picture):
        with pytest.raises(ImageError, match=r"torn\.jpg is cut off"):
            look()


# What isn't a picture


def encoded(**options: object) -> bytes:
    stream = io.BytesIO()
    Image.effect_noise((64, 48), 80).convert("RGB").save(stream, "JPEG", **options)
    return stream.getvalue()


JPEGS = [encoded(), encoded(progressive=True), encoded(quality=30, subsampling=2), encoded(restart_marker_rows=1)]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    content=st.sampled_from(JPEGS),
    flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=4),
    kept=st.floats(0, 1),
    side=st.sampled_from([4, 40]),
)
def test_damaged_jpegs_are_read_or_refused_alike(
    tmp_path_factory: pytest.TempPathFactory,
    content: bytes,
    flips: list[tuple[float, int]],
    kept: float,
    side: int,
) -> None:
    damaged = bytearray(content)
    for place, value in flips:
        damaged[int(place**2 * len(damaged))] = value
    path = tmp_path_factory.getbasetemp() / "damaged.jpg"
    path.write_bytes(bytes(damaged[: max(1, int(len(damaged) * kept**0.2))]))
    preprocessing = wanting(side, side)
    try:
        picture = to_pixels(open_image(path), preprocessing)
    except ImageError as error:
        with pytest.raises(ImageError) as raised:
            read_pixels(path, preprocessing)
        assert str(raised.value) == str(error)
    else:
        found = read_pixels(path, preprocessing)
        assert found.shape == picture.shape
        if side == 40:  # nothing was reduced
            assert (found == picture).all()


@pytest.mark.parametrize("options", [{}, {"progressive": True}])
def test_a_jpeg_that_is_cut_anywhere_is_refused(tmp_path: Path, options: dict[str, bool]) -> None:
    content = encoded(**options)
    path = tmp_path / "cut.jpg"
    for share in (0.3, 0.6, 0.9, 0.99):
        path.write_bytes(content[: int(share * len(content))])
        with pytest.raises(ImageError, match="is cut off"):
            read_pixels(path, wanting(4, 4))


def test_a_jpeg_with_something_behind_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(encoded() + b"and more" * 99)
    assert (read_pixels(path, wanting(48, 64)) == careful(path, wanting(48, 64))).all()


@pytest.mark.parametrize("side", [20_000, 12_000])  # Pillow refuses the one, and only warns of the other
def test_a_jpeg_bomb_is_refused_by_its_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, side: int) -> None:
    content = bytearray(encoded())
    place = content.index(b"\xff\xc0") + 5
    content[place : place + 4] = side.to_bytes(2, "big") * 2
    path = tmp_path / "bomb.jpg"
    path.write_bytes(content)

    def decode(*_arguments: object, **_options: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(simplejpeg, "decode_jpeg", decode)
    monkeypatch.setattr(ImageFile.ImageFile, "load", decode)
    for way in (lambda: read_pixels(path, wanting(8, 8)), lambda: open_picture(path)):
        with pytest.raises(ImageError, match="more than 128 million pixels"):
            way()


def test_a_jpeg_that_is_too_large_to_hold_goes_pillows_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, decoded_sizes: list[tuple[int, int]]
) -> None:
    path = tmp_path / "a.jpg"
    smooth(500, 375).save(path)
    monkeypatch.setattr(jpeg, "_LARGEST_FILE", 100)
    assert (read_pixels(path, wanting(32, 32)) == careful(path, wanting(32, 32))).all()
    assert decoded_sizes == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_what_is_no_file_is_a_sentence_and_never_waits(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    for name, words in (("pipe.jpg", "isn't a regular file"), ("gone.jpg", "doesn't exist"), (".", "is a folder")):
        with pytest.raises(ImageError, match=words):
            read_pixels(tmp_path / name, wanting(8, 8))


def test_every_odd_file_is_read_or_refused_alike(test_data: Path) -> None:
    for path in sorted((test_data / "odd").iterdir()):
        try:
            picture = open_image(path)
        except ImageError as error:
            with pytest.raises(ImageError) as raised:
                read_pixels(path, wanting(16, 16))
            assert str(raised.value) == str(error)
        else:
            preprocessing = wanting(picture.height, picture.width)  # nothing is reduced
            assert (read_pixels(path, preprocessing) == to_pixels(picture, preprocessing)).all(), path.name
