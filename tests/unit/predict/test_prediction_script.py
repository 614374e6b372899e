"""A prediction script answers as the program does, and needs nothing of it."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from PIL import Image

from cnn_desktop.core.errors import ExportError, ImageError
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.data.decoding import open_picture
from cnn_desktop.models.architecture import build
from cnn_desktop.models.model import Model
from cnn_desktop.models.weights import open_model, save_model
from cnn_desktop.predict.classifier import Classifier
from cnn_desktop.predict.export.prediction_script import prediction_script
from cnn_desktop.predict.export.sample_pictures import sample_pictures
from cnn_desktop.predict.export.script_proof import loaded, prove_script

ALONE = """\
import runpy, sys
for name in ("cnn_desktop", "safetensors", "pydantic", "simplejpeg"):
    sys.modules[name] = None
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""

CORRUPT = {"pillow__hopper_bad_exif.jpg"}
"""JPEGs with which libjpeg finds fault, so that the program reads them whole; Pillow doesn't tell a script of it."""


def _written(model: Model, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    save_model(model, folder / "model.cnnmodel")
    script = folder / "predict.py"
    script.write_text(prediction_script(model), encoding="utf-8")
    return script


@pytest.fixture
def model() -> Model:
    torch.manual_seed(5)
    module = build("resnet9", 5, 3, (32, 32)).eval()
    classes = ("Katze", "dog", "猫", "a b", "5")
    return Model("resnet9", module, classes, Preprocessing.unit_range(32, 32, 3), "Pets", temperature=0.7)


def test_runs_alone(model: Model, tmp_path: Path) -> None:
    script = _written(model, tmp_path / "alone")
    picture = tmp_path / "one.png"
    Image.fromarray(sample_pictures(1)[0]).save(picture)
    done = subprocess.run(
        [sys.executable, "-I", "-c", ALONE, script, picture], capture_output=True, encoding="utf-8", check=True
    )
    best = Classifier(model, "cpu").predict(open_picture(picture))
    lines = [f"{guess.probability:8.2%}  {guess.label}" for guess in best]
    assert done.stdout.splitlines() == [str(picture), *lines]


def test_reads_pictures_as_the_program_does(model: Model, tmp_path: Path, test_data: Path) -> None:
    """Real photos at reduced scale, and the odd files that the program can read."""
    alone = loaded(_written(model, tmp_path))
    facts = alone.Predictor().preprocessing
    files = sorted((test_data / "imagenet_samples").glob("*.JPEG"))[:12] + sorted((test_data / "odd").rglob("*.*"))
    compared = 0
    for file in files:
        try:
            ours = torch.from_numpy(open_picture(file).pixels(model.preprocessing).copy())
        except ImageError:
            continue
        theirs = torch.from_numpy(alone.read_picture(file, facts).copy())
        assert torch.equal(ours, theirs) or file.name in CORRUPT, file
        compared += 1
    assert compared > 40


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("name", ["cats_dogs", "squeezenet1_0"])
def test_is_proven(name: str, channels: int, tmp_path: Path) -> None:
    size = (48, 40)
    model = Model(
        name,
        build(name, 2, channels, size).eval(),
        ("one", "two"),
        Preprocessing(height=48, width=40, channels=channels, mean=(0.4,) * channels, std=(0.2,) * channels),  # pyright: ignore[reportArgumentType]
        "T",
    )
    proof = prove_script(model, _written(model, tmp_path), sample_pictures(4), lambda _done, _total: None)
    assert proof.holds and proof.pictures == 4 and proof.difference < 1e-5


def test_another_answer_is_no_proof(model: Model, tmp_path: Path) -> None:
    script = _written(model, tmp_path)
    script.write_text(script.read_text(encoding="utf-8").replace("div_(255)", "div_(256)"), encoding="utf-8")
    with pytest.raises(ExportError, match="largest difference"):
        prove_script(model, script, sample_pictures(2), lambda _done, _total: None)


def test_published_weights(tmp_path: Path, test_data: Path) -> None:
    model = open_model("squeezenet1_0", test_data / "models" / "squeezenet1_0-deepcompression-imagenet.pth")
    predictor = loaded(_written(model, tmp_path)).Predictor()
    classifier = Classifier(model, "cpu")
    for file in sorted((test_data / "imagenet_samples").glob("*.JPEG"))[:3]:
        ours = [(guess.label, guess.probability) for guess in classifier.predict(open_picture(file))]
        theirs = predictor.best(file)
        assert [label for label, _share in ours] == [label for label, _share in theirs]
        assert [share for _label, share in ours] == pytest.approx([share for _label, share in theirs], abs=1e-6)


def test_a_flipped_bit_is_refused(model: Model, tmp_path: Path) -> None:
    script = _written(model, tmp_path)
    content = bytearray((tmp_path / "model.cnnmodel").read_bytes())
    content[-5] ^= 4
    (tmp_path / "model.cnnmodel").write_bytes(content)
    with pytest.raises(SystemExit, match="is damaged"):
        loaded(script).Predictor()
