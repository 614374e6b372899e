"""A model as a script of its own: it reads the model file beside it and names what is on pictures.

What the script does is done by the very lines of this program; texts in it are English, as its names are.
"""

from cnn_desktop.data import colours, decoding, images, pictures
from cnn_desktop.models import model_facts
from cnn_desktop.models.described import architecture_of
from cnn_desktop.models.model import Model
from cnn_desktop.models.source import Bundle, add_network, can_be_empty
from cnn_desktop.models.source.layout import script

PREPROCESSING_CLASS = '''\
@dataclass(frozen=True)
class Preprocessing:
    """What happens to a picture before the network sees it."""

    decoder: str  # "full", or "scaled": JPEGs are read no larger than they need be
    height: int
    width: int
    channels: int  # 1: grey, 3: colour
    resize: str  # "stretch", or "crop": the shorter side to `shorter_side`, then the centre
    shorter_side: int | None
    interpolation: str
    resizer: str  # whose resize: "pillow" or "torch"
    mean: tuple[float, ...]
    std: tuple[float, ...]\
'''

READ_PICTURE = '''\
def read_picture(file: Path, preprocessing: Preprocessing) -> np.ndarray:
    """What the network is given of a picture file before it is normalised: uint8 channels×height×width."""
    with Image.open(file) as picture:
        if preprocessing.decoder == "scaled" and picture.format in ("JPEG", "MPO") and picture.mode in ("RGB", "L"):
            lies_on_side = picture.getexif().get(ExifTags.Base.Orientation, 1) >= 5
            upright = picture.size[::-1] if lies_on_side else picture.size
            factor = reduction(upright, preprocessing)
            picture.draft(None, (picture.width // factor, picture.height // factor))
        load_pixels(picture)
        ImageOps.exif_transpose(picture, in_place=True)
        return to_pixels(to_rgb(picture), preprocessing)\
'''

READ_MODEL = '''\
DTYPES = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64}


def read_model(file: Path) -> tuple[dict[str, Any], dict[str, torch.Tensor]]:
    """The facts and the tensors of a model file: safetensors, whose metadata holds the facts as JSON."""
    content = bytearray(file.read_bytes())
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        begin, count = 8 + length + entry["data_offsets"][0], math.prod(entry["shape"])
        values = torch.frombuffer(content, dtype=DTYPES[entry["dtype"]], count=count, offset=begin)
        tensors[name] = values.reshape(entry["shape"])
    facts = json.loads(metadata["cnn_desktop"])
    is_whole = metadata["cnn_desktop_sha256"] == text_hash(metadata["cnn_desktop"])
    if not is_whole or facts["tensor_sha256"] != tensor_hash(tensors):
        sys.exit(f"{file} is damaged: its SHA-256 isn't the one that was saved with it.")
    return facts, tensors\
'''

_ANSWERING = '''\
class Predictor:
    """The network with its weights, and what it needs to know of pictures and classes."""

    def __init__(self, file: Path = MODEL) -> None:
        facts, tensors = read_model(file)
        self.classes: list[str] = facts["classes"]
        self.preprocessing = Preprocessing(**facts["preprocessing"])
        self.temperature: float = facts.get("temperature", 1.0)
        size = self.preprocessing.height, self.preprocessing.width
{built}
        self.network.load_state_dict(tensors, assign=True)
        self.network.eval()
        self.network.to(memory_format=torch.channels_last)

    @torch.inference_mode()
    def logits(self, file: Path) -> torch.Tensor:
        """What the network says of a picture: one number a class."""
        pixels = np.ascontiguousarray(read_picture(file, self.preprocessing))
        batch = torch.from_numpy(pixels)[None].to(memory_format=torch.channels_last)
        return self.network(normalize(batch, self.preprocessing))[0]

    def best(self, file: Path, count: int = 10) -> list[tuple[str, float]]:
        """The most probable classes of a picture, and how probable they are, best first."""
        probabilities = (self.logits(file) / self.temperature).softmax(dim=0)
        order = probabilities.argsort(descending=True, stable=True)[:count]
        return [(self.classes[place], probabilities[place].item()) for place in order.tolist()]\
'''

_BUILT = """\
        self.network = build_network(len(self.classes), self.preprocessing.channels, size)"""
_BUILT_EMPTY = """\
        with torch.device("meta"):  # no memory, and no random numbers, for weights that are replaced
            self.network = build_network(len(self.classes), self.preprocessing.channels, size)"""

_MAIN = '''\
def main() -> None:
    """Print the ten best classes of each picture that is named."""
    if len(sys.argv) < 2:
        sys.exit(f"usage: python {Path(__file__).name} PICTURE ...")
    predictor = Predictor()
    for name in sys.argv[1:]:
        print(name)
        for label, probability in predictor.best(Path(name)):
            print(f"{probability:8.2%}  {label}")\
'''


def prediction_script(model: Model, file_name: str = "model.cnnmodel") -> str:
    """A script that predicts as `model` does, by its model file `file_name` in the folder of the script.

    It needs torch and torchvision (with which Pillow and numpy come), and nothing of this program.

    Raises:
        BadInputError: the model's architecture isn't known.
    """
    facts = model.preprocessing
    bundle = Bundle({"Preprocessing": PREPROCESSING_CLASS})
    bundle.need("import sys", "from pathlib import Path", "import torch")
    architecture = architecture_of(model)
    add_network(bundle, architecture, facts.channels, (facts.height, facts.width))
    sections = {"The network": bundle.take()}
    add_picture_reading(bundle)
    bundle.add(pictures.normalize)
    sections["From a picture to numbers"] = bundle.take()
    add_model_reading(bundle)
    sections["The model file"] = bundle.take()
    place = f'MODEL = Path(__file__).with_name("{file_name}")'
    built = _BUILT_EMPTY if can_be_empty(architecture) else _BUILT
    sections["Answering"] = f"{place}\n\n\n{_ANSWERING.replace('{built}', built)}\n\n\n{_MAIN}"
    return script(_summary(model, file_name), bundle.imports, sections)


def add_picture_reading(bundle: Bundle) -> None:
    """Take in `read_picture(file, preprocessing)`; the bundle's own `Preprocessing` is `PREPROCESSING_CLASS`."""
    bundle.need("from dataclasses import dataclass", "from pathlib import Path")
    bundle.need("import numpy as np", "from PIL import ExifTags, Image, ImageOps")
    bundle.add(images.load_pixels, colours.to_rgb, pictures.to_pixels, decoding.reduction)
    bundle.write("read_picture", READ_PICTURE)


def add_model_reading(bundle: Bundle) -> None:
    """Take in `read_model(file)`."""
    bundle.need("import json", "import math", "import struct", "import sys", "from pathlib import Path")
    bundle.need("from typing import Any", "import torch")
    bundle.add(model_facts.tensor_hash, model_facts.text_hash)
    bundle.write("read_model", READ_MODEL)


def _summary(model: Model, file_name: str) -> str:
    return f"""\
Says what is on pictures, by a network made with CNN Desktop: {model.title}.

    pip install torch torchvision
    python predict.py PICTURE ...

Weights, classes and what is done to a picture are read from {file_name} beside this file; CNN Desktop isn't needed."""
