"""One update in a training script, and the average of the weights."""

from cnn_desktop.models.source import Bundle
from cnn_desktop.models.source.layout import signature
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


def add_average(bundle: Bundle, subject: Subject) -> None:
    """Take in `update_average(average, network, step)`, where an average of the weights is kept."""
    if subject.recipe.ema_decay:
        bundle.need("from torch.optim.swa_utils import get_ema_multi_avg_fn")
        bundle.write("update_average", _AVERAGE)


def add_update(bundle: Bundle, subject: Subject) -> None:
    """Take in `update`, which changes the weights once."""
    bundle.need("from torch.nn import functional")
    shares = ' * group["rate_share"]' if subject.recipe.layer_decay != 1 else ""
    parameters = ["network: nn.Module", "optimizer: torch.optim.Optimizer", "pictures: Pictures", "step: int"]
    parameters += [] if subject.is_rate_constant else ["rate: float"]
    parameters += ["class_weights: torch.Tensor"] if subject.is_weighted else []
    lines = [
        *signature("update", parameters, "torch.Tensor"),
        '    """Change the weights once, after `step` updates; returns the mean loss of the batch before that.',
        "",
        "    All that is random in it follows from the seed and the step.",
        '    """',
        '    seed = derived_seed(SEED, "step", step)',
        "    torch.manual_seed(seed)",
        *(["    DROPOUT_BITS.manual_seed(seed)"] if has_dropout(subject) else []),
        *(
            []
            if subject.is_rate_constant
            else [
                "    for group in optimizer.param_groups:",
                f'        group["lr"] = rate{shares}',
            ]
        ),
        "    optimizer.zero_grad()",
        "    batch, targets = normalized(pictures.pixels), pictures.labels",
        *(
            [
                '    chance = torch.Generator(DEVICE).manual_seed(derived_seed(SEED, "augmentation", step))',
                "    batch, targets = varied(batch, targets, chance)",
            ]
            if subject.is_varied
            else []
        ),
        *_backward(subject),
        *_stepped(subject),
        "    return loss.detach()" if subject.parts == 1 else "    return torch.stack(losses).sum()",
    ]
    bundle.write("update", "\n".join(lines))


def _backward(subject: Subject) -> list[str]:
    """Lines that compute the loss and all gradients, in parts where memory asks for it."""
    recipe, mixes = subject.recipe, subject.recipe.augmentation.mixes
    of_classes = "(targets @ class_weights).sum()" if mixes else "class_weights[targets].sum()"
    weights = ", weight=class_weights" if subject.is_weighted else ""
    smoothing = ", label_smoothing=LABEL_SMOOTHING" if recipe.label_smoothing else ""
    is_whole = subject.parts == 1
    inputs, wanted = ("batch", "targets") if is_whole else ("part", "some")
    logits, answer = [f"logits = network({inputs})"], "logits" if subject.precision == "fp32" else "logits.float()"
    if subject.precision != "fp32":
        logits = [f"with torch.autocast(DEVICE.type, torch.{subject.dtype}):", f"    {logits[0]}"]
    loss = [
        *logits,
        f'summed = functional.cross_entropy({answer}, {wanted}{weights}, reduction="sum"{smoothing})',
        f"loss = summed / {'weight' if subject.is_weighted or not is_whole else 'len(targets)'}",
        f"{'SCALER.scale(loss)' if subject.precision == 'fp16' else 'loss'}.backward()",
    ]
    before = [f"    weight = {of_classes if weights else 'len(targets)'}"] if weights or not is_whole else []
    if is_whole:
        return [*before, *(f"    {line}" for line in loss)]
    return [
        *before,
        "    size = -(-len(batch) // min(PARTS, len(batch)))",
        "    losses = []",
        "    for part, some in zip(batch.split(size), targets.split(size), strict=True):",
        *(f"        {line}" for line in [*loss, "losses.append(loss.detach())"]),
    ]


def _stepped(subject: Subject) -> list[str]:
    is_scaled = subject.precision == "fp16"
    lines: list[str] = []
    if subject.recipe.clip_norm:
        lines += ["    SCALER.unscale_(optimizer)"] if is_scaled else []
        lines += [
            '    learning = [parameter for group in optimizer.param_groups for parameter in group["params"]]',
            "    nn.utils.clip_grad_norm_(learning, CLIP_NORM)",
        ]
    return lines + (["    SCALER.step(optimizer)", "    SCALER.update()"] if is_scaled else ["    optimizer.step()"])
