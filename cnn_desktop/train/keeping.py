"""What of a run is kept: checkpoints to go on from, and the best weights so far."""

import time

import torch

from cnn_desktop.core.errors import CheckpointError
from cnn_desktop.core.events import CheckpointSaved, NotSaved
from cnn_desktop.train.divergence import DivergenceWatch
from cnn_desktop.train.measuring import Figures
from cnn_desktop.train.runs.checkpoint import Checkpoint, TrainingState, checkpoint_seconds, weights_of
from cnn_desktop.train.runs.checkpoint_folder import Restored
from cnn_desktop.train.runs.run_folder import RunFolder
from cnn_desktop.train.task import Footing, Task
from cnn_desktop.train.updating import Updater


class Keeper:
    """Saves and loads checkpoints of a run, and holds the weights that were best on the validation part."""

    def __init__(self, task: Task, folder: RunFolder, updater: Updater) -> None:
        self.task, self.folder, self.updater = task, folder, updater
        self.is_saved = False
        """Whether the last attempt to save went well."""
        self._best_weights: dict[str, torch.Tensor] | None = None
        self._watch = DivergenceWatch(task)
        self._interval = checkpoint_seconds()
        self._saved_at = time.perf_counter()
        self._save_seconds = 0.0

    @property
    def is_due(self) -> bool:
        """Every half minute, or less often where saving is slow: at most a twentieth of the time goes into it."""
        return time.perf_counter() - self._saved_at >= max(self._interval, 20 * self._save_seconds)

    def save(self, state: TrainingState) -> CheckpointSaved | NotSaved:
        """Put all that is needed to go on after `state.step` on disk; says what came of it.

        Raises:
            TrainingError: the weights are no longer numbers; the last good checkpoint stays.
        """
        began = time.perf_counter()
        self._watch.check_weights(state.step)
        state.metrics_bytes, state.table_bytes = self.folder.sizes
        try:
            path = self._write(state)
        except CheckpointError as error:
            self.is_saved = False
            return NotSaved(state.step, str(error))
        finally:
            self._saved_at = time.perf_counter()
            self._save_seconds = self._saved_at - began
        self.is_saved = True
        return CheckpointSaved(state.step, path)

    def restore(self, restored: Restored) -> TrainingState:
        """Take weights, optimizer and best weights from a checkpoint, forget what was logged after it; its state."""
        checkpoint = restored.checkpoint
        self.task.module.load_state_dict(checkpoint.weights)
        self.updater.load(checkpoint.facts, checkpoint.tensors)
        self.updater.parts = checkpoint.state.parts
        self._best_weights = restored.best_weights
        self.folder.rewind(checkpoint.state.metrics_bytes, checkpoint.state.table_bytes)
        return checkpoint.state

    def keep_if_best(self, state: TrainingState, measured: Figures, epoch: int) -> bool:
        """Keep the module's weights of this moment if they measured better than all before; whether they did."""
        best = (-1.0, 0.0) if state.best_accuracy is None else (state.best_accuracy, -(state.best_loss or 0.0))
        if (measured.accuracy, -measured.loss) <= best:
            return False
        state.best_accuracy, state.best_loss = measured.accuracy, measured.loss
        state.best_epoch, state.best_step = epoch, state.step
        self._best_weights = weights_of(self.task.module)
        return True

    def take_best(self) -> None:
        """Give the module its best weights; where nothing was measured, their average, or those that it has."""
        if self._best_weights is not None:
            self.task.module.load_state_dict(self._best_weights)
        elif self.updater.average is not None:
            self.task.module.load_state_dict(self.updater.average.tensors(), strict=False)

    def _write(self, state: TrainingState) -> str:
        checkpoints, task = self.folder.checkpoints, self.task
        if self._best_weights is not None and state.best_step is not None:
            best = TrainingState(**{**vars(state), "step": state.best_step})
            checkpoints.save("best", Checkpoint(best, self._best_weights))
        facts = self.updater.facts() | Footing(task.preprocessing, task.precision).to_json()
        last = Checkpoint(state, weights_of(task.module), self.updater.tensors(), facts)
        return str(checkpoints.save("last", last))
