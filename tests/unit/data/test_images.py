"""Golden pixels for every mode and orientation, and a sentence for everything that isn't a picture."""

import csv
import io
import os
import socket
import struct
import sys
import threading
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageFile

from cnn_desktop.core.errors import ImageError
from cnn_desktop.core.path_text import shown
from cnn_desktop.data import images
from cnn_desktop.data.images import MAX_PIXELS, decode_image, find_images, is_image_name, open_image
from tests.unit.data.conftest import Maker

# The program silences these when it imports Pillow; pytest begins each test with filters of its own.
pytestmark = [
    pytest.mark.filterwarnings("ignore::UserWarning:PIL"),
    pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning"),
]

pillow_heif.register_heif_opener()  # here to write such files; the program does it when it meets one

RED, GREEN, BLUE, WHITE, BLACK = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)


def encoded(picture: Image.Image, format: str = "PNG", **options: object) -> bytes:  # noqa: A002
    stream = io.BytesIO()
    picture.save(stream, format, **options)
    return stream.getvalue()


def decoded(content: bytes) -> np.ndarray:
    picture = decode_image(content, "a picture")
    assert picture.mode == "RGB"
    return np.asarray(picture)


def png(width: int, height: int, depth: int, colour: int, rows: bytes, **chunks: bytes) -> bytes:
    """A PNG made by hand, for what Pillow can't write."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    middle = b"".join(chunk(kind.encode(), content) for kind, content in chunks.items())
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + middle + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )


# Modes


def test_rgb_grey_and_black_and_white_keep_their_pixels() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    assert (decoded(encoded(Image.fromarray(pixels))) == pixels).all()
    assert (decoded(encoded(Image.fromarray(pixels[..., 0]))) == pixels[..., :1]).all()
    two = Image.fromarray(pixels[..., 0]).convert("1")
    assert (decoded(encoded(two))[..., 0] == np.asarray(two) * 255).all()


@pytest.mark.parametrize("byte_order", ["<u2", ">u2"])
def test_sixteen_bits_are_scaled_not_clipped(byte_order: str) -> None:
    values = np.array([[0, 128, 129, 257, 32768, 65535]], dtype=byte_order)
    picture = Image.fromarray(values)
    for format_ in ("PNG", "TIFF") if byte_order == "<u2" else ("TIFF",):
        assert decoded(encoded(picture, format_))[0, :, 0].tolist() == [0, 0, 1, 1, 128, 255]


def test_fewer_bits_that_a_tiff_declares_are_scaled_by_them() -> None:
    packed = bytes([0xFF, 0xF8, 0x00])  # two pixels of 12 bits: 4095 and 2048
    entries = ((256, 3, 2), (257, 3, 1), (258, 3, 12), (259, 3, 1), (262, 3, 1), (273, 4, 8), (277, 3, 1), (278, 3, 1))
    fields = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in (*entries, (279, 4, 3)))
    content = struct.pack("<2sHI", b"II", 42, 12) + packed + b"\0" + struct.pack("<H", 9) + fields + bytes(4)
    assert decoded(content)[0, :, 0].tolist() == [255, 128]


def test_sixteen_bit_colour_is_reduced_to_its_high_byte() -> None:
    rows = b"\0" + struct.pack(">6H", 65535, 0, 0x8000, 0x0100, 0x01FF, 0xFE00)
    assert decoded(png(2, 1, 16, 2, rows)).tolist() == [[[255, 0, 128], [1, 1, 254]]]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.0, 0.5, 1.0], [0, 128, 255]),
        ([0.0, 100.0, 255.0], [0, 100, 255]),
        ([0.0, 25700.0, 65535.0], [0, 100, 255]),
        ([-1.0, 0.0, 3.0], [0, 64, 255]),
        ([7e4, 7e4, 7e4], [0, 0, 0]),
        ([float("nan"), float("inf"), 1.0], [0, 0, 255]),
    ],
)
def test_floating_point_is_scaled_by_the_range_that_it_uses(values: list[float], expected: list[int]) -> None:
    picture = Image.fromarray(np.array([values], dtype=np.float32))
    assert decoded(encoded(picture, "TIFF"))[0, :, 0].tolist() == expected


def test_whole_numbers_of_32_bits_count_as_16_unless_they_are_larger() -> None:
    small = Image.fromarray(np.array([[0, 257, 65535]], dtype=np.int32))
    large = Image.fromarray(np.array([[-100, 0, 155]], dtype=np.int32))
    assert decoded(encoded(small, "TIFF"))[0, :, 0].tolist() == [0, 1, 255]
    assert decoded(encoded(large, "TIFF"))[0, :, 0].tolist() == [0, 100, 255]


def test_alpha_lies_over_white() -> None:
    rgba = Image.fromarray(np.array([[[*RED, 255], [*RED, 0], [*BLACK, 128]]], dtype=np.uint8))
    assert decoded(encoded(rgba)).tolist() == [[list(RED), list(WHITE), [127, 127, 127]]]
    grey = Image.fromarray(np.array([[[0, 255], [0, 0], [100, 255]]], dtype=np.uint8), "LA")
    assert decoded(encoded(grey))[0, :, 0].tolist() == [0, 255, 100]


def test_a_transparent_palette_entry_lies_over_white() -> None:
    picture = Image.new("P", (2, 1))
    picture.putpalette([*GREEN, *BLUE])
    picture.putpixel((1, 0), 1)
    for format_ in ("PNG", "GIF"):
        assert decoded(encoded(picture, format_)).tolist() == [[list(GREEN), list(BLUE)]]
        assert decoded(encoded(picture, format_, transparency=1)).tolist() == [[list(GREEN), list(WHITE)]]
    half = encoded(picture, transparency=bytes([255, 128]))
    assert decoded(half)[0, 1].tolist() == [127, 127, 255]


@pytest.mark.parametrize(
    ("depth", "row", "transparent", "expected"),
    [
        (1, 0b01000000, 1, [0, 255]),
        (2, 0b00010000, 1, [0, 255]),
        (4, 0b00000101, 5, [0, 255]),
        (2, 0b00010000, 0, [255, 85]),
        (4, 0b00000101, 0, [255, 85]),
    ],
)
def test_the_transparent_grey_of_a_small_png_is_found(
    depth: int, row: int, transparent: int, expected: list[int]
) -> None:
    content = png(2, 1, depth, 0, bytes([0, row]), tRNS=struct.pack(">H", transparent))
    assert decoded(content)[0, :, 0].tolist() == expected


def test_the_transparent_colour_of_16_bits_is_found() -> None:
    grey = png(2, 1, 16, 0, b"\0" + struct.pack(">2H", 700, 0), tRNS=struct.pack(">H", 700))
    assert decoded(grey)[0, :, 0].tolist() == [255, 0]
    colour = png(
        2, 1, 16, 2, b"\0" + struct.pack(">6H", 1000, 2000, 3000, 0, 0, 0), tRNS=struct.pack(">3H", 1000, 2000, 3000)
    )
    assert decoded(colour).tolist() == [[list(WHITE), list(BLACK)]]


def test_cmyk_is_converted_by_colour() -> None:
    inks = Image.merge("CMYK", [Image.new("L", (8, 8), ink) for ink in (0, 255, 255, 0)])
    for format_ in ("JPEG", "TIFF"):
        assert np.abs(decoded(encoded(inks, format_)).astype(int) - RED).max() <= 3


def test_cmyk_with_a_damaged_profile_still_opens() -> None:
    inks = Image.new("CMYK", (8, 8))
    assert (decoded(encoded(inks, "TIFF", icc_profile=b"no profile" * 20)) == 255).all()


def test_cmyk_follows_its_embedded_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Image.Image] = []

    def convert(picture: Image.Image, source: object, target: object, outputMode: str) -> Image.Image:  # noqa: N803
        seen.append(picture)
        return Image.new(outputMode, picture.size, GREEN)

    monkeypatch.setattr(ImageCms, "profileToProfile", convert)
    content = encoded(
        Image.new("CMYK", (8, 8)),
        "TIFF",
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    )
    assert (decoded(content) == GREEN).all()
    assert seen[0].mode == "CMYK"


def test_lab_is_converted_by_colour() -> None:
    colours = np.array([[RED, GREEN, BLUE, WHITE]], dtype=np.uint8)
    lab = ImageCms.profileToProfile(
        Image.fromarray(colours), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    found = decoded(encoded(lab, "TIFF")).astype(int)
    assert np.abs(found - colours).max() <= 24  # 8 bits of LAB are coarse where blue is deep


def test_the_embedded_profile_of_rgb_is_left_aside() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (4, 4, 3), dtype=np.uint8)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    assert (decoded(encoded(Image.fromarray(pixels), icc_profile=profile)) == pixels).all()


# Orientation and frames


LOSSLESS: dict[str, dict[str, object]] = {
    "JPEG": {"quality": 100, "subsampling": 0},
    "MPO": {"quality": 100, "subsampling": 0},
    "WEBP": {"lossless": True},
    "AVIF": {"quality": 100, "subsampling": "4:4:4"},
    "HEIF": {"quality": -1, "chroma": 444},
}
"""As far as the format goes."""


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF", "MPO"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_are_upright(orientation: int, format_: str) -> None:
    upright = Image.new("RGB", (32, 16), BLACK)
    upright.paste(RED, (0, 0, 16, 8))
    upright.paste(BLUE, (16, 8, 32, 16))
    turns = [None, 0, 3, 1, 5, 2, 6, 4]  # what takes the upright picture to how it is stored
    turn = turns[orientation - 1]
    stored = upright if turn is None else upright.transpose(Image.Transpose(turn))
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = encoded(stored, format_, exif=exif.tobytes(), **LOSSLESS.get(format_, {}))
    picture = decode_image(content, "a picture")
    assert picture.size == (32, 16)
    assert np.abs(np.asarray(picture).astype(int) - np.asarray(upright)).max() <= 12
    assert "exif" not in picture.info
    assert picture.getexif().get(0x0112, 1) == 1


def test_the_orientation_in_xmp_counts() -> None:
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    stored = Image.new("RGB", (4, 2), RED)
    assert decode_image(encoded(stored, "WEBP", xmp=xmp), "w").size == (2, 4)
    text = png(4, 2, 8, 2, (b"\0" + bytes(12)) * 2, iTXt=b"XML:com.adobe.xmp\0\0\0\0\0" + xmp)
    assert decode_image(text, "p").size == (2, 4)


@pytest.mark.parametrize("format_", ["GIF", "PNG", "WEBP", "TIFF", "AVIF", "HEIF", "MPO"])
def test_animations_give_their_first_frame(format_: str) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, GREEN, BLUE)]
    content = encoded(frames[0], format_, save_all=True, append_images=frames[1:], **LOSSLESS.get(format_, {}))
    assert np.abs(decoded(content).astype(int) - RED).max() <= 2


@pytest.mark.parametrize("format_", ["JPEG", "AVIF", "HEIF", "WEBP", "MPO", "JPEG2000"])
def test_photos_of_every_format_keep_their_colours(format_: str) -> None:
    across, down = np.meshgrid(np.linspace(0, 255, 48), np.linspace(0, 255, 32))
    picture = Image.fromarray(np.stack([across, down, 255 - across], axis=-1).astype(np.uint8))
    found = decoded(encoded(picture, format_, **LOSSLESS.get(format_, {}))).astype(int)
    assert np.abs(found - np.asarray(picture)).max() <= 4
    grey = decoded(encoded(picture.convert("L"), format_, **LOSSLESS.get(format_, {}))).astype(int)
    assert np.abs(grey - np.asarray(picture.convert("L"))[..., None]).max() <= 4


@pytest.mark.parametrize("format_", ["WEBP", "AVIF", "HEIF", "TIFF"])
def test_alpha_lies_over_white_in_every_format_that_has_it(format_: str) -> None:
    picture = Image.new("RGBA", (16, 8), (*RED, 255))
    picture.paste((*BLACK, 0), (8, 0, 16, 8))
    found = decoded(encoded(picture, format_, **LOSSLESS.get(format_, {}))).astype(int)
    assert np.abs(found[:, :7] - RED).max() <= 3
    assert np.abs(found[:, 9:] - WHITE).max() <= 3


def test_premultiplied_alpha_lies_over_white() -> None:
    half = Image.fromarray(np.array([[[64, 0, 0, 128], [0, 0, 0, 0]]], dtype=np.uint8), "RGBa")
    tiff = encoded(Image.frombytes("RGBA", half.size, half.tobytes()), "TIFF")
    # The tag of extra samples says 2, alpha beside the colours; 1 is alpha multiplied into them.
    place = tiff.index(struct.pack("<HHI", 338, 3, 1)) + 8
    found = decoded(tiff[:place] + struct.pack("<H", 1) + tiff[place + 2 :])
    assert np.abs(found[0].astype(int) - [[191, 127, 127], WHITE]).max() <= 1


def test_a_picture_is_read_by_its_content_not_its_name(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(encoded(Image.new("RGB", (8, 8), GREEN), "BMP"))
    assert (np.asarray(open_image(path)) == GREEN).all()


def test_the_file_is_closed_and_the_picture_is_a_copy(tmp_path: Path, make_picture: Maker) -> None:
    path = make_picture(tmp_path / "a.png")
    picture = open_image(path)
    path.unlink()
    assert not isinstance(picture, ImageFile.ImageFile)
    assert picture.getpixel((0, 0)) is not None


# What isn't a picture


def test_every_odd_file_opens_or_says_why(test_data: Path) -> None:
    with (test_data / "odd" / "MANIFEST.tsv").open() as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    assert len(rows) == 65
    for row in rows:
        path = test_data / "odd" / row["file"]
        if row["pillow13"] == "loads":
            assert open_image(path).mode == "RGB"
        else:
            with pytest.raises(ImageError) as raised:
                open_image(path)
            assert_is_a_sentence(str(raised.value), path)


def assert_is_a_sentence(message: str, path: Path) -> None:
    assert str(path) in message
    assert message.endswith(".")
    rest = message.replace(str(path), "")
    assert "Error" not in rest
    assert "\n" not in rest
    assert "<" not in rest


@pytest.mark.parametrize("orientation", range(2, 9))
def test_real_photos_with_an_orientation_look_alike(test_data: Path, orientation: int) -> None:
    first = np.asarray(open_image(test_data / "odd" / "pillow__hopper_orientation_2.jpg"), dtype=float)
    other = np.asarray(open_image(test_data / "odd" / f"pillow__hopper_orientation_{orientation}.jpg"), dtype=float)
    assert np.abs(first - other).mean() < 5  # they were compressed one by one
    assert np.abs(first - other[::-1]).mean() > 40


def test_pixel_bombs_are_refused_by_their_header(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(self: ImageFile.ImageFile) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", load)
    for width, height in ((20_000, 20_000), (MAX_PIXELS + 1, 1), (60_000, 60_000)):
        content = png(width, height, 8, 2, b"")
        with pytest.raises(ImageError, match="more than 128 million pixels"):
            decode_image(content, "bomb.png")


def test_what_is_not_there_or_no_file_is_a_sentence(tmp_path: Path) -> None:
    for path, words in (
        (tmp_path / "gone.png", "doesn't exist"),
        (tmp_path, "is a folder"),
        (tmp_path / ("x" * 300), "name too long"),
        (tmp_path / "a\0b", "isn't a name that a file can have"),
    ):
        with pytest.raises(ImageError, match=words):
            open_image(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_pipes_sockets_and_devices_never_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with socket.socket(socket.AF_UNIX) as listener:
        monkeypatch.chdir(tmp_path)  # a socket's path must be short
        listener.bind("socket.png")
        for path in (tmp_path / "pipe.png", tmp_path / "socket.png", Path("/dev/zero")):
            with pytest.raises(ImageError, match="isn't a regular file"):
                open_image(path)


def test_a_file_without_permission_is_a_sentence(unprivileged: tuple[Path, Callable[[], None]]) -> None:
    folder, give_up_rights = unprivileged
    path = folder / "cats" / "a.png"
    path.chmod(0)
    give_up_rights()
    with pytest.raises(ImageError, match="may not be read"):
        open_image(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"just some text", "is damaged or no picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 8 8\n", "is damaged or no picture"),
        (b"\0\0\0\x18ftypheic" + bytes(100), "is damaged"),
        (encoded(Image.effect_noise((64, 64), 50), "JPEG")[:800], "is cut off"),
        (encoded(Image.effect_noise((64, 64), 50), "BMP")[:800], "is cut off"),
    ],
)
def test_each_kind_of_damage_has_its_sentence(content: bytes, words: str) -> None:
    with pytest.raises(ImageError, match=f"^photo.jpg {words}.*\\.$"):
        decode_image(content, "photo.jpg")


def test_a_png_with_a_damaged_end_shows_what_is_there() -> None:
    content = encoded(Image.new("RGB", (64, 64), RED))
    assert (decoded(content[:-12] + b"\0\0\1\0tEXt") == RED).all()


SEEDS = [
    encoded(Image.effect_noise((16, 16), 80).convert(mode), format_)
    for mode, format_ in (
        *(("RGB", "PNG"), ("RGB", "JPEG"), ("P", "GIF"), ("RGB", "WEBP"), ("CMYK", "TIFF"), ("LA", "PNG")),
        *(("RGB", "BMP"), ("RGB", "TGA"), ("L", "PPM"), ("RGB", "JPEG2000"), ("RGBA", "ICO"), ("RGB", "AVIF")),
        ("RGB", "HEIF"),
    )
]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    content=st.sampled_from(SEEDS),
    flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6),
    kept=st.floats(0, 1),
)
def test_flipped_and_missing_bytes_give_a_picture_or_an_image_error(
    content: bytes, flips: list[tuple[float, int]], kept: float
) -> None:
    damaged = bytearray(content)
    for place, value in flips:
        # Headers come first, and are what decoders stumble over.
        damaged[int(place**3 * len(damaged))] = value
    try:
        picture = decode_image(bytes(damaged[: max(1, int(len(damaged) * kept**0.2))]), "damaged")
    except ImageError as error:
        assert str(error).startswith("damaged ")
    else:
        assert picture.mode == "RGB"


def test_many_threads_open_the_same_pictures(tmp_path: Path, make_picture: Maker) -> None:
    path = make_picture(tmp_path / "a.png")
    bomb = tmp_path / "bomb.png"
    bomb.write_bytes(png(20_000, 20_000, 8, 2, b""))
    expected = np.asarray(open_image(path))
    start = threading.Barrier(4)

    def work(_number: int) -> bool:
        start.wait()
        good = all((np.asarray(open_image(path)) == expected).all() for _time in range(20))
        with pytest.raises(ImageError, match="million pixels"):
            open_image(bomb)
        return good

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(4)))


# Names and folders


@pytest.mark.parametrize(
    "name", ["a.JPG", "b.jpeg", "c.tif", "d.webp", "e.heic", "f.avif", "g.hif", "ü 🐈.png", "x.tar.png"]
)
def test_names_of_pictures_are_known(name: str) -> None:
    assert is_image_name(Path("folder.txt") / name)


@pytest.mark.parametrize("name", ["a.txt", "jpg", "a.jpg.txt", "a", "b.svg", "c.pngx"])
def test_other_names_are_not(name: str) -> None:
    assert not is_image_name(Path("folder.png") / name)


def test_heic_without_its_decoder_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    content = encoded(Image.new("RGB", (64, 64), RED), "HEIF")
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    images._reads_heic.cache_clear()
    try:
        with pytest.raises(ImageError, match=r'^a\.heic is a HEIC picture; .*pip install "cnn-desktop\[heic\]"'):
            decode_image(content, "a.heic")
    finally:
        monkeypatch.undo()
        images._reads_heic.cache_clear()
    assert decode_image(content, "a.heic").size == (64, 64)


def test_a_heic_bomb_is_refused_by_its_header(monkeypatch: pytest.MonkeyPatch) -> None:
    content = encoded(Image.new("RGB", (64, 64), RED), "HEIF")
    size = content.index(b"ispe") + 8
    bomb = content[:size] + struct.pack(">II", 20_000, 20_000) + content[size + 8 :]
    with pytest.raises(ImageError, match=r"more than 128 million pixels"):
        decode_image(bomb, "a.heic")


def test_find_images_lists_pictures_in_natural_order(class_folder: Path) -> None:
    (class_folder / "cats" / "notes.txt").touch()
    (class_folder / ".DS_Store").touch()
    (class_folder / "cats" / ".hidden.png").touch()
    names = [path.relative_to(class_folder).as_posix() for path in find_images(class_folder)]
    assert names == ["cats/1.png", "cats/2.png", "cats/10.png", "dogs/a.png", "dogs/b.jpg"]


def test_find_images_of_no_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="doesn't exist"):
        find_images(tmp_path / "gone")


@pytest.mark.skipif(os.name == "nt" or os.uname().sysname == "Darwin", reason="names are Unicode on this system")
def test_names_of_any_bytes_work_and_can_be_shown(tmp_path: Path, make_picture: Maker) -> None:
    picture = make_picture(tmp_path / "plain.png")
    for name in (b"caf\xe9.png", "Kätzchen 🐈.png".encode(), b"n" * 251 + b".png", b"new\nline.png"):
        path = tmp_path / os.fsdecode(name)
        path.write_bytes(picture.read_bytes())
        assert open_image(path).size == (12, 9)
        shown(path).encode()
        path.write_bytes(b"x")
        with pytest.raises(ImageError) as raised:
            open_image(path)
        str(raised.value).encode()
    assert len(find_images(tmp_path)) == 5
