"""The learning rate in a training script: its schedule alone, written out."""

from cnn_desktop.models.source import Bundle
from cnn_desktop.train.scripting.subject import Subject

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
def learning_rate(step: int, total_steps: int) -> float:
    """The rate of the update that follows `step` done ones."""
    return LEARNING_RATE * factor(step / total_steps)'''

_RATE_AFTER_WARMUP = '''\
def learning_rate(step: int, total_steps: int, steps_per_epoch: int) -> float:
    """The rate of the update that follows `step` done ones; it rises in a straight line at first."""
    warmup = min(round(WARMUP_EPOCHS * steps_per_epoch), total_steps - 1)
    if step < warmup:
        return LEARNING_RATE * factor(0.0) * (step + 1) / (warmup + 1)
    return LEARNING_RATE * factor((step - warmup) / max(1, total_steps - warmup))'''


def add_rate(bundle: Bundle, subject: Subject) -> None:
    """Take in `learning_rate`, where the rate changes at all."""
    if subject.is_rate_constant:
        return
    schedule = subject.recipe.schedule
    if schedule == "cosine":
        bundle.need("import math")
    bundle.write("factor", _FACTOR.format(factor=_SCHEDULES[schedule]))
    bundle.write("learning_rate", _RATE_AFTER_WARMUP if subject.recipe.warmup_epochs else _RATE)


def rate_call(subject: Subject) -> str:
    """How the script asks for the rate of the next update."""
    lengths = "total_steps, steps_per_epoch" if subject.recipe.warmup_epochs else "total_steps"
    return f"learning_rate(step, {lengths})"
