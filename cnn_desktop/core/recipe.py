"""How a network is trained, as plain facts; `train` carries it out."""

from typing import Literal

from pydantic import Field

from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.core.validated import Validated

Optimizer = Literal["sgd", "adam", "adamw", "rmsprop"]
Schedule = Literal["constant", "step", "cosine", "one_cycle"]
ClassWeights = Literal["none", "balanced"]


OPTIMIZER_TITLES: dict[Optimizer, str] = {"sgd": "SGD", "adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSprop"}
"""As papers write them, in every language."""


class Recipe(Validated):
    """How a network is trained; every architecture brings one as its default."""

    epochs: int = Field(default=10, ge=1, le=100_000)
    steps: int | None = Field(default=None, ge=1)
    """Stop after this many optimizer updates, whatever `epochs` says."""
    early_stopping: int = Field(default=0, ge=0, le=10_000)
    """Stop when the validation loss hasn't improved for this many epochs; 0: never."""

    batch_size: int = Field(default=64, ge=1, le=65_536)
    """Pictures for each optimizer update."""
    accumulation: int = Field(default=1, ge=1, le=65_536)
    """Parts in which a batch is computed one after the other, their gradients added, to take less memory."""

    optimizer: Optimizer = "adam"
    learning_rate: float = Field(default=1e-3, gt=0, allow_inf_nan=False)
    momentum: float = Field(default=0.9, ge=0, lt=1)
    """For SGD."""
    nesterov: bool = False
    """For SGD: look ahead along the momentum (Sutskever et al. 2013)."""
    weight_decay: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    """On the weights of convolutions and dense layers; biases and norms aren't, unless `norm_bias_rate` is raised."""
    clip_norm: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    """Gradients whose norm over all weights is larger are scaled down to it; 0: never."""
    ema_decay: float = Field(default=0.0, ge=0, lt=1)
    """What the moving average of the weights keeps at each step, such as 0.999; 0: no average is kept."""

    schedule: Schedule = "constant"
    """`step` divides the rate by ten after each third; `one_cycle` rises for 30 % and falls to zero."""
    warmup_epochs: float = Field(default=0.0, ge=0, le=1000)
    """The rate rises in a straight line for so long before the schedule starts."""
    layer_decay: float = Field(default=1.0, gt=0, le=1)
    """Each layer's rate is this times that of the layer after it; 1: all learn at one rate (Howard and Ruder 2018)."""
    norm_bias_rate: float = Field(default=1.0, ge=1, le=1000)
    """Biases of norms learn at this many times the rate of all else (Jordan 2024, arXiv:2404.00498)."""
    unfreeze_every: float = Field(default=0.0, ge=0, le=1000)
    """Epochs after which one more of the frozen layers learns, from the output on; 0: frozen layers stay so."""

    label_smoothing: float = Field(default=0.0, ge=0, lt=1)
    class_weights: ClassWeights = "none"
    """`balanced` weighs each class by the inverse of its share of the training pictures."""
    augmentation: Augmentation = Augmentation()

    def without_flips(self) -> "Recipe":
        """The same for pictures whose mirror images show something else."""
        return self.changed(augmentation=self.augmentation.changed(horizontal_flip=False, vertical_flip=False))
