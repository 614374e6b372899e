"""The constants at the top of a training script: all that a person may want to change."""

from collections.abc import Iterator

from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.models.source import Bundle
from cnn_desktop.models.source.layout import assignment
from cnn_desktop.train.scripting.pictures import places
from cnn_desktop.train.scripting.subject import Subject

_DEVICES = {
    "cpu": 'torch.device("cpu")',
    "cuda": 'torch.device("cuda" if torch.cuda.is_available() else "cpu")',
    "mps": 'torch.device("mps" if torch.backends.mps.is_available() else "cpu")',
}


def settings(bundle: Bundle, subject: Subject) -> str:
    """Assignments, for the section at the top."""
    recipe, history = subject.recipe, subject.history
    bundle.need("import torch")
    lines = [
        *places(subject),
        assignment("CLASSES", subject.dataset.classes),
        f"DEVICE = {_DEVICES[subject.device]}",
        assignment("SEED", subject.config.seed, "of all that is random"),
        assignment("STEPS", recipe.steps) if recipe.steps else assignment("EPOCHS", recipe.epochs),
        assignment("BATCH_SIZE", recipe.batch_size),
        assignment("LEARNING_RATE", recipe.learning_rate),
        *_wanted(subject),
    ]
    if history.rates:
        lines.append(assignment("RATES", history.rates, "set by hand, after so many updates"))
    if subject.ends_early:
        lines.append(assignment("LAST_STEP", history.ended_at, "the run was ended early"))
    if subject.precision == "fp16":
        lines.append("SCALER = torch.amp.GradScaler(DEVICE.type)")
    return "\n".join(lines)


def augmentation_class() -> str:
    """`Augmentation` as a plain dataclass."""
    lines = ["@dataclass(frozen=True)", "class Augmentation:", '    """Random changes to each training picture."""', ""]
    for name, value in Augmentation().model_dump().items():
        lines.append(f"    {name}: {type(value).__name__} = {value!r}")
    return "\n".join(lines)


def _wanted(subject: Subject) -> Iterator[str]:
    recipe = subject.recipe
    if recipe.optimizer == "sgd":
        yield assignment("MOMENTUM", recipe.momentum)
    named = {
        "WEIGHT_DECAY": recipe.weight_decay if recipe.weight_decay or subject.is_rate_shared else None,
        "LAYER_DECAY": recipe.layer_decay if recipe.layer_decay != 1 else None,
        "NORM_BIAS_RATE": recipe.norm_bias_rate if recipe.norm_bias_rate != 1 else None,
        "WARMUP_EPOCHS": recipe.warmup_epochs,
        "LABEL_SMOOTHING": recipe.label_smoothing,
        "CLIP_NORM": recipe.clip_norm,
        "EMA_DECAY": recipe.ema_decay,
        "PATIENCE": recipe.early_stopping,
        "FROZEN": subject.config.freeze,
        "UNFREEZE_EVERY": recipe.unfreeze_every if subject.config.freeze else 0,
        "PARTS": subject.parts if subject.parts > 1 else 0,
    }
    for name, value in named.items():
        if value or (name == "WEIGHT_DECAY" and value is not None):
            yield assignment(name, value, _COMMENTS.get(name, ""))


_COMMENTS = {
    "LAYER_DECAY": "each layer's rate is this times that of the layer after it",
    "NORM_BIAS_RATE": "biases of norms learn at this many times the rate",
    "EMA_DECAY": "of the average of the weights",
    "PATIENCE": "epochs without a lower validation loss",
    "FROZEN": "layers, from the input on, that keep their weights",
    "UNFREEZE_EVERY": "epochs, after which one more layer learns",
    "PARTS": "in which each batch is computed, to take less memory",
}
