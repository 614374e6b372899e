"""The part of a training script that measures."""

from cnn_desktop.models.source import Bundle
from cnn_desktop.models.source.layout import wanted_lines
from cnn_desktop.train.measuring import evaluation_batch
from cnn_desktop.train.scripting.subject import Subject

_MEASURE = '''\
@torch.inference_mode()
def measure(network: nn.Module, pictures: Pictures) -> tuple[float, float]:
    """The share of right answers, and the mean loss."""
    network.eval()
    loss, hits, batch_size = 0.0, 0, {batch_size}
    for pixels, labels in zip(pictures.pixels.split(batch_size), pictures.labels.split(batch_size), strict=True):
        with torch.autocast(DEVICE.type, torch.{dtype}):  #? autocast
            logits = network(normalized(pixels.to(DEVICE))).float().cpu()  #? autocast
        logits = network(normalized(pixels.to(DEVICE))).cpu()  #? -autocast
        loss += functional.cross_entropy(logits, labels, reduction="sum").item()
        hits += (logits.argmax(1) == labels).sum().item()
    count = max(1, len(pictures.labels))
    return hits / count, loss / count'''


def add_measuring(bundle: Bundle, subject: Subject) -> None:
    """Take in `measure(network, pictures)`."""
    text = wanted_lines(_MEASURE, {"autocast": subject.precision != "fp32"})
    batch_size = str(evaluation_batch(subject.preprocessing))
    bundle.write("measure", text.replace("{batch_size}", batch_size).replace("{dtype}", subject.dtype))
