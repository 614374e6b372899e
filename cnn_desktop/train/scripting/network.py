"""The part of a training script that makes the network with its first weights."""

import torch
from torch import nn

from cnn_desktop.models import freezing
from cnn_desktop.models.architecture import new_network, require_pretrained
from cnn_desktop.models.source import Bundle, add_adaptation, add_network, add_new_head
from cnn_desktop.models.torchvision_architecture import TorchvisionArchitecture
from cnn_desktop.predict.export.prediction_script import add_model_reading
from cnn_desktop.train.rewriting import drop_by_random_bits
from cnn_desktop.train.scripting.subject import Subject

START = "start.cnnmodel"
"""The file beside the script from which the weights come that training starts with."""

OWN_GENERATOR = '''\
DROPOUT_BITS = torch.Generator()


def own_generator() -> torch.Generator:
    """What the dropouts draw from, and nothing else."""
    return DROPOUT_BITS'''

_SEED = '    torch.manual_seed(derived_seed(SEED, "weights", 0))'


def add_start(bundle: Bundle, subject: Subject) -> None:
    """Take in `make_network(training)`."""
    lines = ["def make_network(training: Pictures) -> nn.Module:", '    """The network as training starts with it."""']
    if subject.start is not None:
        lines += _from_model(bundle, subject)
    elif subject.config.pretrained:
        lines += _from_published(bundle, subject)
    else:
        lines += _fresh(bundle, subject)
    if has_dropout(subject):
        bundle.add(drop_by_random_bits)
        lines.append("    drop_by_random_bits(network)")
    if subject.config.freeze:
        bundle.add(freezing.keep_first, freezing.release)
    bundle.write(
        "make_network", "\n".join([*lines, "    return network.to(DEVICE, memory_format=torch.channels_last)"])
    )


def has_dropout(subject: Subject) -> bool:
    """Whether the network drops values by bits of the program's own drawing, as it does on processors."""
    if subject.device != "cpu":
        return False
    with torch.device("meta"):
        facts = subject.preprocessing
        network = new_network(subject.architecture, len(subject.dataset.classes), facts.channels, subject.size)
    return any(type(layer) is nn.Dropout and not layer.inplace and 0 < layer.p < 1 for layer in network.modules())


def _fresh(bundle: Bundle, subject: Subject) -> list[str]:
    architecture, channels = subject.architecture, subject.preprocessing.channels
    add_network(bundle, architecture, channels, subject.size)
    lines = [_SEED, f"    network = build_network(len(CLASSES), {channels}, {subject.size})"]
    if architecture.sample_size:
        bundle.need("import numpy as np")
        add_adaptation(bundle, architecture)
        lines += [
            f"    count = min({architecture.sample_size}, len(training.labels))",
            "    chosen = np.unique(np.linspace(0, len(training.labels) - 1, count).round().astype(int))",
            "    adapt(network, normalized(training.pixels[torch.from_numpy(chosen)]).contiguous())",
        ]
    return lines


def _from_published(bundle: Bundle, subject: Subject) -> list[str]:
    architecture = subject.architecture
    require_pretrained(architecture)
    assert isinstance(architecture, TorchvisionArchitecture)
    bundle.need("import torchvision")
    add_new_head(bundle, architecture)
    made = f"torchvision.models.{architecture.name}(weights={architecture.weights!r})"
    return [f"    network = {made}".replace("'", '"'), _SEED, "    replace_head(network, len(CLASSES))"]


def _from_model(bundle: Bundle, subject: Subject) -> list[str]:
    assert subject.start is not None
    facts, classes = subject.start.preprocessing, len(subject.start.classes)
    add_network(bundle, subject.architecture, facts.channels, (facts.height, facts.width))
    add_model_reading(bundle)
    lines = [
        f"    network = build_network({classes}, {facts.channels}, {(facts.height, facts.width)})",
        f'    _facts, weights = read_model(Path(__file__).with_name("{START}"))',
        "    network.load_state_dict(weights)",
    ]
    if subject.start.classes != subject.dataset.classes:
        add_new_head(bundle, subject.architecture)
        lines += [_SEED, "    replace_head(network, len(CLASSES))"]
    return lines
