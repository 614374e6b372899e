"""A network that a person puts together, as plain facts: its layers one after the other; `models.design` builds it."""

from typing import Annotated, Literal

from pydantic import Field

from cnn_desktop.core.validated import Validated

ActivationName = Literal["relu", "leaky_relu", "gelu", "silu", "tanh", "sigmoid"]
PoolName = Literal["max", "mean"]
FirstWeights = Literal["glorot", "he", "torch"]

MOST_LAYERS = 400
NAME_PATTERN = r"^[a-z][a-z0-9_]{0,59}$"


class Convolution(Validated):
    """Square filters that slide over the maps."""

    kind: Literal["conv"] = "conv"
    filters: int = Field(default=32, ge=1, le=4096)
    kernel: int = Field(default=3, ge=1, le=31)
    stride: int = Field(default=1, ge=1, le=16)
    padding: int = Field(default=1, ge=0, le=64)
    """Rows and columns of zeros at each side."""
    dilation: int = Field(default=1, ge=1, le=16)
    groups: int = Field(default=1, ge=1, le=4096)
    bias: bool = True


class BatchNorm(Validated):
    """Each channel brought to mean 0 and variance 1 over the batch, then scaled and shifted as it learns to."""

    kind: Literal["batch_norm"] = "batch_norm"


class Activation(Validated):
    """The same function of every value."""

    kind: Literal["activation"] = "activation"
    function: ActivationName = "relu"


class Pool(Validated):
    """The largest value or the mean of each window."""

    kind: Literal["pool"] = "pool"
    function: PoolName = "max"
    size: int = Field(default=2, ge=1, le=64)
    stride: int = Field(default=0, ge=0, le=64)
    """0: as the window is large."""
    padding: int = Field(default=0, ge=0, le=32)


class GlobalPool(Validated):
    """One value of each map: its largest, or its mean."""

    kind: Literal["global_pool"] = "global_pool"
    function: PoolName = "mean"


class Padding(Validated):
    """Rows and columns of zeros around the maps, not the same at each side."""

    kind: Literal["padding"] = "padding"
    left: int = Field(default=0, ge=0, le=64)
    right: int = Field(default=1, ge=0, le=64)
    top: int = Field(default=0, ge=0, le=64)
    bottom: int = Field(default=1, ge=0, le=64)


class Dropout(Validated):
    """While it is trained, this share of the values becomes 0 by chance."""

    kind: Literal["dropout"] = "dropout"
    share: float = Field(default=0.25, ge=0, lt=1)


class Flatten(Validated):
    """Maps become one row of numbers."""

    kind: Literal["flatten"] = "flatten"


class Dense(Validated):
    """Every output sees every input."""

    kind: Literal["dense"] = "dense"
    outputs: int = Field(default=128, ge=1, le=65_536)
    bias: bool = True


class Residual(Validated):
    """Two convolutions 3×3 with batch norms, whose output is added to their input; as many maps as it is given."""

    kind: Literal["residual"] = "residual"


Layer = Annotated[
    Convolution | BatchNorm | Activation | Pool | GlobalPool | Padding | Dropout | Flatten | Dense | Residual,
    Field(discriminator="kind"),
]


class Design(Validated):
    """The layers of a network but the last, which is dense and has one output a class."""

    schema_version: Literal[1] = 1
    name: str = Field(pattern=NAME_PATTERN)
    """What the command line and files call it."""
    title: str = Field(pattern=r"^[^\s\x00-\x1f\x7f]([^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$", max_length=60)
    """What a person calls it."""
    layers: tuple[Layer, ...] = Field(max_length=MOST_LAYERS)
    first_weights: FirstWeights = "glorot"
    """How convolutions and dense layers begin: Glorot and Bengio 2010, He et al. 2015, or as torch has them."""
    channels: Literal[1, 3] = 3
    """Of the pictures that it was drawn for; it is built for any."""
    side: int = Field(default=32, ge=1, le=1024)
    """Of the pictures that it was drawn for, in pixels, and what pictures without a size of their own become."""
