"""The optimizer in a training script."""

from cnn_desktop.core.recipe import Recipe
from cnn_desktop.models import freezing
from cnn_desktop.models.source import Bundle
from cnn_desktop.models.source.layout import wanted_lines
from cnn_desktop.train.optimization import norm_biases
from cnn_desktop.train.scripting.subject import Subject

_GROUPS = '''\
def parameter_groups(network: nn.Module) -> list[dict[str, Any]]:
    """What learns, by its share of the learning rate and by its weight decay."""
    depths = parameter_depths(network)  #? layered
    last = max(depth for _parameter, depth in depths)  #? layered
    groups: dict[tuple[float, float], dict[str, Any]] = {}
    fast = norm_biases(network)  #? fast
    for parameter, depth in depths:  #? layered
    for parameter in network.parameters():  #? -layered
        share = LAYER_DECAY ** (last - depth)  #? layered
        share = 1.0  #? -layered
        decay = WEIGHT_DECAY if parameter.dim() > 1 else 0.0
        if parameter in fast:  #? fast
            share, decay = share * NORM_BIAS_RATE, WEIGHT_DECAY / NORM_BIAS_RATE  #? fast
        empty: dict[str, Any] = {"params": [], "rate_share": share, "weight_decay": decay}
        groups.setdefault((share, decay), empty)["params"].append(parameter)
    return list(groups.values())
'''


_MAKE = '''\
def make_optimizer(network: nn.Module) -> torch.optim.Optimizer:
    """The optimizer over all that learns."""
{groups}  #? grouped
    return {made}  #? -at_rest
    optimizer = {made}  #? at_rest
    for parameter in network.parameters():  # layers that learn later start from a momentum of zero  #? at_rest
        optimizer.state[parameter]["momentum_buffer"] = torch.zeros_like(parameter)  #? at_rest
    return optimizer  #? at_rest
'''


def add_optimizer(bundle: Bundle, subject: Subject) -> None:
    """Take in `make_optimizer(network)`."""
    recipe = subject.recipe
    lines, groups = _groups(bundle, subject)
    starts_at_rest = recipe.optimizer == "sgd" and recipe.momentum and recipe.unfreeze_every
    text = wanted_lines(_MAKE, {"grouped": lines, "at_rest": starts_at_rest})
    made = f"torch.optim.{_constructor(recipe, groups)}"
    bundle.write("make_optimizer", text.replace("{groups}", "\n".join(lines)).replace("{made}", made))


def _groups(bundle: Bundle, subject: Subject) -> tuple[list[str], str]:
    """Lines that sort what learns, and what then stands for it; what is frozen gets no gradient, and so stays."""
    recipe = subject.recipe
    if subject.is_rate_shared:
        is_layered, is_fast = recipe.layer_decay != 1, recipe.norm_bias_rate != 1
        bundle.need("from typing import Any")
        if is_layered:
            bundle.add(freezing.parameter_depths)
        if is_fast:
            bundle.add(norm_biases)
        bundle.write("parameter_groups", wanted_lines(_GROUPS, {"layered": is_layered, "fast": is_fast}))
        return [], "parameter_groups(network)"
    if not recipe.weight_decay:
        return [], "network.parameters()"
    return [
        "    decayed = [parameter for parameter in network.parameters() if parameter.dim() > 1]  # no biases",
        "    others = [parameter for parameter in network.parameters() if parameter.dim() <= 1]",
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
