"""What a training script shall do again: a run with all that its folder and its dataset say."""

from dataclasses import dataclass
from pathlib import Path

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.core.recipe import Recipe
from cnn_desktop.data.augment.recolouring import recolours
from cnn_desktop.data.dataset import ArraySplit, Dataset
from cnn_desktop.data.decisions import DecisionBook, Decisions
from cnn_desktop.models.architecture import Architecture
from cnn_desktop.models.described import trainable
from cnn_desktop.models.model import Model
from cnn_desktop.train.scripting.history import History


@dataclass(frozen=True)
class Subject:
    """A run, or what would be one."""

    config: RunConfig
    dataset: Dataset
    """With its validation part."""
    preprocessing: Preprocessing
    device: str
    """cpu, cuda or mps."""
    precision: str
    """fp32, bf16 or fp16."""
    run: Path | None
    history: History
    is_changed: bool
    """Whether the dataset is another one than that of the run."""
    start: Model | None
    """Whose weights it starts from."""

    @property
    def architecture(self) -> Architecture:
        """What is trained."""
        return trainable(self.config)

    @property
    def recipe(self) -> Recipe:
        """How."""
        return self.config.recipe

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of what the network sees."""
        return self.preprocessing.height, self.preprocessing.width

    @property
    def dtype(self) -> str:
        """torch's name for the numbers that networks compute with."""
        return {"fp32": "float32", "bf16": "bfloat16", "fp16": "float16"}[self.precision]

    @property
    def parts(self) -> int:
        """In which each batch is computed."""
        return max(self.recipe.accumulation, self.history.parts)

    @property
    def is_varied(self) -> bool:
        """Whether training pictures are changed by chance."""
        return not self.recipe.augmentation.is_none

    @property
    def is_rate_constant(self) -> bool:
        """Whether all updates have the same learning rate, in all layers."""
        recipe = self.recipe
        is_changed = recipe.warmup_epochs or self.history.rates or self.is_rate_shared
        return recipe.schedule == "constant" and not is_changed

    @property
    def is_rate_shared(self) -> bool:
        """Whether some layers or biases learn faster than others."""
        return self.recipe.layer_decay != 1 or self.recipe.norm_bias_rate != 1

    @property
    def ends_early(self) -> bool:
        """Whether the run was ended by hand, rather than by its own rule or at its end."""
        at, by_rule = self.history.ended_at, self.recipe.early_stopping > 0
        return at is not None and not (by_rule and at % max(1, self.history.steps_per_epoch) == 0)

    @property
    def is_weighted(self) -> bool:
        """Whether classes count by how rare they are."""
        return self.recipe.class_weights != "none"

    @property
    def needs_preprocessing(self) -> bool:
        """Whether pictures are read, resized or recoloured, rather than just divided by 255."""
        return self.dataset.folder is not None or self.is_resized or recolours(self.recipe.augmentation)

    @property
    def is_listed(self) -> bool:
        """Whether the pictures have to be listed one by one: files, and what the person decided about."""
        decisions = DecisionBook.of(self.dataset.source).decisions
        return self.dataset.folder is not None or decisions.changed(kept={}) != Decisions()

    @property
    def is_resized(self) -> bool:
        """Whether pictures that a published set brings must be brought to the size and channels of the network."""
        train = self.dataset.splits["train"]
        facts = self.preprocessing
        same = isinstance(train, ArraySplit) and train.images.shape[1:] == (*self.size, facts.channels)
        return not (same and facts.resize == "stretch")
