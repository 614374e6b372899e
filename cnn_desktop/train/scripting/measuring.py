"""The part of a training script that measures."""

from cnn_desktop.models.source import Bundle
from cnn_desktop.train.measuring import evaluation_batch
from cnn_desktop.train.scripting.subject import Subject

_MEASURE = '''\
@torch.inference_mode()
def measure(network: nn.Module, pictures: Pictures) -> tuple[float, float]:
    """The share of right answers, and the mean loss."""
    network.eval()
    loss, hits, batch_size = 0.0, 0, {batch}
    for pixels, labels in zip(pictures.pixels.split(batch_size), pictures.labels.split(batch_size), strict=True):
{forward}
        loss += functional.cross_entropy(logits, labels.to(DEVICE), reduction="sum").item()
        hits += (logits.argmax(1) == labels.to(DEVICE)).sum().item()
    count = max(1, len(pictures.labels))
    return hits / count, loss / count'''

_FP32 = "        logits = network(normalized(pixels.to(DEVICE)))"
_MIXED = """\
        with torch.autocast(DEVICE.type, torch.{dtype}):
            logits = network(normalized(pixels.to(DEVICE))).float()"""


def add_measuring(bundle: Bundle, subject: Subject) -> None:
    """Take in `measure(network, pictures)`."""
    forward = _MIXED.format(dtype=subject.dtype) if subject.precision != "fp32" else _FP32
    bundle.write("measure", _MEASURE.format(batch=evaluation_batch(subject.preprocessing), forward=forward))
