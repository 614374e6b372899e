"""The part of a training script that learns: rate, optimizer, one update, the average of the weights."""

from cnn_desktop.core.recipe import Recipe
from cnn_desktop.models import freezing
from cnn_desktop.models.source import Bundle
from cnn_desktop.models.source.layout import signature
from cnn_desktop.train.scripting.network import has_dropout
from cnn_desktop.train.scripting.subject import Subject

DTYPES = {"bf16": "bfloat16", "fp16": "float16"}

_SCHEDULES = {
    "constant": "1.0",
    "step": "0.1 ** min(2, int(3 * progress))",
    "cosine": "0.5 * (1 + math.cos(math.pi * progress))",
    "one_cycle": "0.04 + 0.96 * progress / 0.3 if progress < 0.3 else (1 - progress) / 0.7",
}

_FACTOR = '''\
def factor(progress: float) -> float:
    """What the schedule makes of the learning rate when `progress` of the updates, 0 to 1, are done."""
    return {factor}'''

_RATE = '''\
def learning_rate(step: int, total_steps: int, steps_per_epoch: int) -> float:
    """The rate of the update that follows `step` done ones."""
    return LEARNING_RATE * factor(step / total_steps)'''

_RATE_AFTER_WARMUP = '''\
def learning_rate(step: int, total_steps: int, steps_per_epoch: int) -> float:
    """The rate of the update that follows `step` done ones; it rises in a straight line at first."""
    warmup = min(round(WARMUP_EPOCHS * steps_per_epoch), total_steps - 1)
    if step < warmup:
        return LEARNING_RATE * factor(0.0) * (step + 1) / (warmup + 1)
    return LEARNING_RATE * factor((step - warmup) / max(1, total_steps - warmup))'''

_GROUPS = '''\
def parameter_groups(network: nn.Module) -> list[dict[str, Any]]:
    """What learns, by its share of the learning rate and by its weight decay; biases and norms aren't decayed."""
    depths = parameter_depths(network)
    last = max(depth for _parameter, depth in depths)
    groups: dict[tuple[float, float], dict[str, Any]] = {}
    for parameter, depth in depths:
        share, decay = LAYER_DECAY ** (last - depth), WEIGHT_DECAY if parameter.dim() > 1 else 0.0
        empty: dict[str, Any] = {"params": [], "rate_share": share, "weight_decay": decay}
        groups.setdefault((share, decay), empty)["params"].append(parameter)
    return list(groups.values())'''

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


def add_learning(bundle: Bundle, subject: Subject) -> None:
    """Take in `learning_rate`, `make_optimizer`, `update` and, where it is wanted, `update_average`."""
    recipe = subject.recipe
    bundle.need("from torch.nn import functional")
    if not subject.is_rate_constant:
        if recipe.schedule == "cosine":
            bundle.need("import math")
        bundle.write("factor", _FACTOR.format(factor=_SCHEDULES[recipe.schedule]))
        bundle.write("learning_rate", _RATE_AFTER_WARMUP if recipe.warmup_epochs else _RATE)
    _add_optimizer(bundle, subject)
    _add_update(bundle, subject)
    if recipe.ema_decay:
        bundle.need("from torch.optim.swa_utils import get_ema_multi_avg_fn")
        bundle.write("update_average", _AVERAGE)


def _add_optimizer(bundle: Bundle, subject: Subject) -> None:
    recipe = subject.recipe
    head = [
        "def make_optimizer(network: nn.Module) -> torch.optim.Optimizer:",
        '    """The optimizer over all that learns."""',
    ]
    lines, groups = _groups(bundle, subject)
    made = f"torch.optim.{_constructor(recipe, groups)}"
    if recipe.optimizer == "sgd" and recipe.momentum and recipe.unfreeze_every:
        lines += [
            f"    optimizer = {made}",
            "    for parameter in network.parameters():  # layers that learn later start from a momentum of zero",
            '        optimizer.state[parameter]["momentum_buffer"] = torch.zeros_like(parameter)',
            "    return optimizer",
        ]
    else:
        lines.append(f"    return {made}")
    bundle.write("make_optimizer", "\n".join([*head, '    """The optimizer over all that learns."""', *lines]))


def _groups(bundle: Bundle, subject: Subject) -> tuple[list[str], str]:
    """Lines that sort what learns, and what then stands for it."""
    recipe = subject.recipe
    if recipe.layer_decay != 1:
        bundle.need("from typing import Any")
        bundle.add(freezing.parameter_depths)
        bundle.write("parameter_groups", _GROUPS)
        return [], "parameter_groups(network)"
    lines, learning = [], "network.parameters()"
    if subject.config.freeze and not recipe.unfreeze_every:
        lines = ["    learning = [parameter for parameter in network.parameters() if parameter.requires_grad]"]
        learning = "learning"
    if not recipe.weight_decay:
        return lines, learning
    return [
        *(lines or ["    learning = list(network.parameters())"]),
        "    decayed = [parameter for parameter in learning if parameter.dim() > 1]  # not biases and norms",
        "    others = [parameter for parameter in learning if parameter.dim() <= 1]",
        '    groups = [{"params": decayed, "weight_decay": WEIGHT_DECAY}, {"params": others, "weight_decay": 0.0}]',
    ], "groups"


def _constructor(recipe: Recipe, groups: str) -> str:
    nesterov = ", nesterov=True" if recipe.nesterov and recipe.momentum > 0 else ""
    match recipe.optimizer:
        case "sgd":
            return f"SGD({groups}, LEARNING_RATE, momentum=MOMENTUM{nesterov}, fused=True)"
        case "adam":
            return f"Adam({groups}, LEARNING_RATE, fused=True)"
        case "adamw":
            return f"AdamW({groups}, LEARNING_RATE, weight_decay=0.0, fused=True)"
        case "rmsprop":
            return f"RMSprop({groups}, LEARNING_RATE, alpha=0.9)"


def _add_update(bundle: Bundle, subject: Subject) -> None:
    """Take in `update`, which changes the weights once."""
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
        logits = [f"with torch.autocast(DEVICE.type, torch.{DTYPES[subject.precision]}):", f"    {logits[0]}"]
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
