"""How a run divides into steps and epochs."""

from dataclasses import dataclass

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.recipe import Recipe


@dataclass(frozen=True)
class Plan:
    """Steps and epochs of a run over so many training pictures."""

    config: RunConfig
    pictures: int

    @property
    def recipe(self) -> Recipe:
        """How the network is trained."""
        return self.config.recipe

    @property
    def usable(self) -> int:
        """Pictures of each epoch's order that are used: batch norm can't learn from a last batch of one picture."""
        count, size = self.pictures, self.recipe.batch_size
        return count - 1 if count > size > 1 and count % size == 1 else count

    @property
    def steps_per_epoch(self) -> int:
        """Updates in one pass over the training pictures."""
        return -(-self.usable // self.recipe.batch_size)

    @property
    def total_steps(self) -> int:
        """Updates of the whole run."""
        return self.recipe.steps or self.recipe.epochs * self.steps_per_epoch

    @property
    def epochs(self) -> int:
        """Passes over the training pictures, the last of which may be cut short."""
        return self.epoch_of(self.total_steps)

    def epoch_of(self, step: int) -> int:
        """The epoch, counted from 1, that update number `step` (counted from 1) belongs to."""
        return -(-step // self.steps_per_epoch)

    def is_epoch_end(self, step: int) -> bool:
        """Whether the update number `step` is an epoch's last, or the run's."""
        return step % self.steps_per_epoch == 0 or step >= self.total_steps

    def frozen_layers(self, step: int) -> int:
        """How many layers, from the input on, keep their weights in the update that follows `step` done updates."""
        every = self.recipe.unfreeze_every
        if not every:
            return self.config.freeze
        return max(0, self.config.freeze - int(step / self.steps_per_epoch / every))
