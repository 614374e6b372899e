"""One update in a training script, and the average of the weights."""

from cnn_desktop.models.source import Bundle
from cnn_desktop.models.source.layout import signature, wanted_lines
from cnn_desktop.train.scripting.network import has_dropout
from cnn_desktop.train.scripting.subject import Subject

_AVERAGE = '''\
@torch.no_grad()
def update_average(average: nn.Module, network: nn.Module, step: int) -> None:
    """Take in the weights after update number `step`, counted from 1; the average forgets faster at first."""
    decay = min(EMA_DECAY, (1 + step) / (10 + step))
    pairs = list(zip(average.state_dict().values(), network.state_dict().values(), strict=True))
    for old, new in pairs:
        if not old.is_floating_point():
            old.copy_(new)
    floats = [(old, new) for old, new in pairs if old.is_floating_point()]
    get_ema_multi_avg_fn(decay)([old for old, _new in floats], [new for _old, new in floats], step)'''


_HEAD = '''\
    """Change the weights once, after `step` updates; returns the mean loss of the batch before that.

    All that is random in it follows from the seed and the step.
    """
    seed = derived_seed(SEED, "step", step)
    torch.manual_seed(seed)
    DROPOUT_BITS.manual_seed(seed)  #? dropout
    for group in optimizer.param_groups:  #? rated
        group["lr"] = rate  #? rated -shared
        group["lr"] = rate * group["rate_share"]  #? rated shared
    optimizer.zero_grad()
    batch, targets = normalized(pictures.pixels), pictures.labels
    chance = torch.Generator(DEVICE).manual_seed(derived_seed(SEED, "augmentation", step))  #? varied
    batch, targets = varied(batch, targets, chance)  #? varied -mirrored
    batch, targets = varied(batch, targets, chance, alternating(pictures.pixels, epoch))  #? mirrored
    weight = class_weights[targets].sum()  #? weighted -mixed
    weight = (targets @ class_weights).sum()  #? weighted mixed
'''

_WHOLE = """\
    with torch.autocast(DEVICE.type, torch.{dtype}):  #? autocast
        logits = network(batch)  #? autocast
    logits = network(batch)  #? -autocast
    summed = functional.cross_entropy({logits}, targets, {options})
    loss = summed / len(targets)  #? -weighted
    loss = summed / weight  #? weighted
    SCALER.scale(loss).backward()  #? scaled
    loss.backward()  #? -scaled
"""

_IN_PARTS = """\
    size = -(-len(batch) // min(PARTS, len(batch)))
    losses = []
    for part, some in zip(batch.split(size), targets.split(size), strict=True):
        with torch.autocast(DEVICE.type, torch.{dtype}):  #? autocast
            logits = network(part)  #? autocast
        logits = network(part)  #? -autocast
        summed = functional.cross_entropy({logits}, some, {options})
        loss = summed / len(targets)  #? -weighted
        loss = summed / weight  #? weighted
        SCALER.scale(loss).backward()  #? scaled
        loss.backward()  #? -scaled
        losses.append(loss.detach())
"""

_TAIL = """\
    SCALER.unscale_(optimizer)  #? clipped scaled
    learning = [parameter for group in optimizer.param_groups for parameter in group["params"]]  #? clipped
    nn.utils.clip_grad_norm_(learning, CLIP_NORM)  #? clipped
    SCALER.step(optimizer)  #? scaled
    SCALER.update()  #? scaled
    optimizer.step()  #? -scaled
    return loss.detach()  #? whole
    return torch.stack(losses).sum()  #? -whole
"""


def add_average(bundle: Bundle, subject: Subject) -> None:
    """Take in `update_average(average, network, step)`, where an average of the weights is kept."""
    if subject.recipe.ema_decay:
        bundle.need("from torch.optim.swa_utils import get_ema_multi_avg_fn")
        bundle.write("update_average", _AVERAGE)


def add_update(bundle: Bundle, subject: Subject) -> None:
    """Take in `update`, which changes the weights once."""
    recipe, is_mixed = subject.recipe, subject.precision != "fp32"
    conditions = {
        "autocast": is_mixed,
        "clipped": recipe.clip_norm,
        "dropout": has_dropout(subject),
        "mirrored": recipe.augmentation.horizontal_flip,
        "mixed": recipe.augmentation.mixes,
        "rated": not subject.is_rate_constant,
        "scaled": subject.precision == "fp16",
        "shared": subject.is_rate_shared,
        "varied": subject.is_varied,
        "weighted": subject.is_weighted,
        "whole": subject.parts == 1,
    }
    weights = "weight=class_weights, " if subject.is_weighted else ""
    smoothing = ", label_smoothing=LABEL_SMOOTHING" if recipe.label_smoothing else ""
    body = wanted_lines(_HEAD + (_WHOLE if subject.parts == 1 else _IN_PARTS) + _TAIL, conditions)
    body = body.replace("{options}", f'{weights}reduction="sum"{smoothing}').replace("{dtype}", subject.dtype)
    body = body.replace("{logits}", "logits.float()" if is_mixed else "logits")
    parameters = ["network: nn.Module", "optimizer: torch.optim.Optimizer", "pictures: Pictures", "step: int"]
    parameters += ["epoch: int"] * recipe.augmentation.horizontal_flip
    parameters += ["rate: float"] * (not subject.is_rate_constant)
    parameters += ["class_weights: torch.Tensor"] * subject.is_weighted
    bundle.need("from torch.nn import functional")
    bundle.write("update", "\n".join([*signature("update", parameters, "torch.Tensor"), body]))
