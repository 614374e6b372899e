"""Training: a generator of events that knows no window and no terminal."""

import contextlib
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import torch
from torch.nn import functional

from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.errors import CancelledError, TrainingError, one_line
from cnn_desktop.core.events import (
    CheckpointSaved,
    EpochDone,
    Event,
    Notice,
    Outcome,
    Paused,
    Resumed,
    RunFinished,
    RunStarted,
    StepsDone,
    TrainingStarted,
)
from cnn_desktop.core.language import _
from cnn_desktop.data.augment import Augmenter
from cnn_desktop.data.batches import PixelStore, pixel_store
from cnn_desktop.data.dataset import SplitName
from cnn_desktop.data.pictures import normalize
from cnn_desktop.models.device import autocast, denormals_flushed, device_title
from cnn_desktop.train.background import reported
from cnn_desktop.train.checkpoint import TrainingState, weights_of
from cnn_desktop.train.control import Control
from cnn_desktop.train.environment import environment
from cnn_desktop.train.measuring import Figures, StepFigures, evaluate
from cnn_desktop.train.optimization import learning_rate, make_optimizer, set_learning_rate
from cnn_desktop.train.outcome import write_outcome
from cnn_desktop.train.randomness import derived_seed, epoch_order, seed_device
from cnn_desktop.train.run_folder import RunFolder
from cnn_desktop.train.runs import read_run
from cnn_desktop.train.setup import Task, prepare

CHECKPOINT_SECONDS = 30.0


def train(config: RunConfig, control: Control, resume_from: Path | None = None) -> Iterator[Event]:
    """Train as `config` says, or go on with the run in `resume_from`, and report; ends with one `RunFinished`.

    Raises:
        BadInputError: something doesn't fit; raised before the run's folder exists.
        Exception: whatever went wrong later, after a `RunFinished` with the outcome "failed" was yielded and written.
    """
    with denormals_flushed():
        yield from _train(config, control, resume_from)


def _train(config: RunConfig, control: Control, resume_from: Path | None) -> Iterator[Event]:
    if resume_from is not None:
        config = _config_to_go_on(resume_from)
    try:
        task = yield from prepare(config, control)
    except CancelledError:
        yield _finished("stopped", _("Stopped before the start."))
        return
    folder = RunFolder.create(config) if resume_from is None else RunFolder(resume_from)
    try:
        for event in _Run(task, folder, control).events(is_resumed=resume_from is not None):
            folder.log(event)
            yield event
    except Exception as error:
        failed = _finished("failed", one_line(error), str(folder.path))
        folder.log(failed)
        yield failed
        raise
    finally:
        folder.close()


def _config_to_go_on(folder: Path) -> RunConfig:
    run = read_run(folder)
    if run.outcome == "done":
        raise TrainingError(_("The run {run} is done; there is nothing to go on with.").format(run=folder))
    if not run.can_go_on:
        raise TrainingError(_("{folder} holds no checkpoint to go on from; start a new run.").format(folder=folder))
    return run.config.changed(run_dir=folder)


def _finished(outcome: Outcome, message: str, run_dir: str = "") -> RunFinished:
    return RunFinished(
        outcome=outcome,
        run_dir=run_dir,
        message=message,
        steps=0,
        test_accuracy=None,
        test_loss=None,
        best_epoch=None,
        best_validation_accuracy=None,
        train_seconds=0.0,
        throughput=0.0,
        model_file=None,
    )


class _Run:
    """One training while it runs."""

    def __init__(self, task: Task, folder: RunFolder, control: Control) -> None:
        self.task, self.folder, self.control = task, folder, control
        self.recipe = task.recipe
        self.module = task.module
        self.optimizer = make_optimizer(task.recipe, task.module.parameters())
        self.scaler = torch.amp.GradScaler(task.device.type, enabled=task.precision == "fp16")
        self.augmenter = Augmenter(task.recipe.augmentation)
        self.generator = torch.Generator(task.device)
        self.state = TrainingState()
        self.best_weights: dict[str, torch.Tensor] | None = None
        self.figures = StepFigures()
        self._mark = self._saved_at = time.perf_counter()
        self._save_seconds = 0.0

    # ---- the whole run

    def events(self, is_resumed: bool) -> Iterator[Event]:
        """Everything that happens, in order."""
        config = self.task.config
        if is_resumed:
            self._load_checkpoint()
        yield RunStarted(str(self.folder.path), config.dataset, config.architecture)
        for sentence in self.task.dataset.notices:
            yield Notice(sentence)
        try:
            self.training = yield from self._read_split("train")
            self.validation = yield from self._read_split("validation")
        except CancelledError:
            yield _finished("stopped", _("Stopped before the start."), str(self.folder.path))
            return
        if self.training is None or len(self.training) == 0:
            raise TrainingError(_("No training picture of {dataset} could be read.").format(dataset=config.dataset))
        self._plan_steps(self.training)
        if not is_resumed:
            self.folder.write_environment(environment(self.task.dataset, self.task.device, self.task.precision))
        yield self._training_started(self.training)
        self._restart_clock()
        while not (self._is_complete or self.control.stop_requested):
            yield from self._epoch_done() if self._epoch_is_over else self._epoch(self.training)
        yield from self._end()

    def _read_split(self, name: SplitName) -> "Generator[Event, None, PixelStore | None]":
        split = self.task.dataset.splits.get(name)
        if split is None:
            return None
        store = yield from reported(
            _SPLIT_TITLES[name],
            self.control,
            lambda progress: pixel_store(split, self.task.preprocessing, self.task.device, progress),
        )
        if store.skipped:
            yield Notice(
                _("{count} pictures could not be read and were left out; the first: {first}").format(
                    count=len(store.skipped), first=store.skipped[0]
                )
            )
        return store

    def _plan_steps(self, training: PixelStore) -> None:
        count, size = len(training), self.recipe.batch_size
        # Batch norm can't learn from a last batch of one picture, so such a picture waits for another epoch's order.
        self.usable = count - 1 if count > size > 1 and count % size == 1 else count
        self.steps_per_epoch = -(-self.usable // size)
        self.total_steps = self.recipe.steps or self.recipe.epochs * self.steps_per_epoch
        self.epochs = -(-self.total_steps // self.steps_per_epoch)

    def _training_started(self, training: PixelStore) -> TrainingStarted:
        splits = self.task.dataset.splits
        return TrainingStarted(
            device=device_title(self.task.device),
            precision=self.task.precision,
            classes=self.task.dataset.classes,
            train_images=len(training),
            validation_images=0 if self.validation is None else len(self.validation),
            test_images=len(splits["test"]) if "test" in splits else 0,
            parameters=sum(parameter.numel() for parameter in self.module.parameters()),
            epochs=self.epochs,
            steps_per_epoch=self.steps_per_epoch,
            total_steps=self.total_steps,
            first_step=self.state.step,
        )

    # ---- one epoch

    @property
    def _epoch_is_over(self) -> bool:
        """Whether all steps of an epoch are done and its figures are still to be reported."""
        state = self.state
        at_end = state.step % self.steps_per_epoch == 0 or state.step >= self.total_steps
        return at_end and state.epoch_images > 0

    @property
    def _is_complete(self) -> bool:
        return self.state.step >= self.total_steps and not self._epoch_is_over

    def _epoch(self, training: PixelStore) -> Iterator[Event]:
        """The steps from wherever the state stands in its epoch to the epoch's end, or to a stop."""
        epoch, done = divmod(self.state.step, self.steps_per_epoch)
        order = epoch_order(self.task.config.seed, epoch, len(training))[: self.usable]
        remaining = order[done * self.recipe.batch_size :]
        last_step = min(self.total_steps, (epoch + 1) * self.steps_per_epoch)
        self.module.train()
        for pixels, labels in training.batches(remaining, self.recipe.batch_size):
            yield from self._obey()
            if self.control.stop_requested:
                return
            self._step(pixels, labels)
            if self.state.step >= last_step:
                break
            if self.figures.is_due:
                yield from self._steps_done()
            if self._checkpoint_is_due():
                yield from self._save()
        yield from self._steps_done()
        self.state.step = last_step  # pictures that vanished from a streamed set can have cost whole batches

    def _step(self, pixels: torch.Tensor, labels: torch.Tensor) -> None:
        """One optimizer update on one batch."""
        state, task = self.state, self.task
        seed_device(task.device, derived_seed(task.config.seed, "step", state.step))
        self.generator.manual_seed(derived_seed(task.config.seed, "augmentation", state.step))
        set_learning_rate(self.optimizer, learning_rate(self.recipe, state.step, self.total_steps))
        batch = self.augmenter(normalize(pixels, task.preprocessing), self.generator)
        with autocast(task.device, task.precision):
            logits = self.module(batch)
        logits = logits.float()
        loss = functional.cross_entropy(logits, labels, label_smoothing=self.recipe.label_smoothing)
        self.optimizer.zero_grad(set_to_none=True)
        self.scaler.scale(loss).backward()
        self.scaler.step(self.optimizer)
        self.scaler.update()
        state.step += 1
        self.figures.add(loss, (logits.detach().argmax(1) == labels).sum(), len(labels))

    def _steps_done(self) -> Iterator[StepsDone]:
        """Read the figures of the latest steps from the device, if there were any, and add them up."""
        if not self.figures:
            return
        losses, hits, sizes = self.figures.read()
        state, images = self.state, sum(sizes)
        if not all(abs(loss) < float("inf") for loss in losses):
            raise TrainingError(
                _("The loss is no longer a number after step {step}; try a learning rate of {rate:g} or less.").format(
                    step=state.step, rate=self.recipe.learning_rate / 10
                )
            )
        seconds = self._restart_clock()
        state.seconds += seconds
        state.step_seconds += seconds
        state.epoch_seconds += seconds
        state.images += images
        state.epoch_images += images
        state.epoch_hits += sum(hits)
        state.epoch_loss_sum += sum(loss * size for loss, size in zip(losses, sizes, strict=True))
        yield StepsDone(
            step=state.step,
            losses=tuple(losses),
            accuracy=sum(hits) / max(1, images),
            learning_rate=self.optimizer.param_groups[0]["lr"],
            throughput=images / max(1e-9, seconds),
            seconds=state.seconds,
            seconds_left=(self.total_steps - state.step) * state.seconds / max(1, state.step),
        )

    def _epoch_done(self) -> Iterator[Event]:
        """Measure the validation part and report the epoch; a stop leaves that to the run's next start."""
        state = self.state
        epoch = -(-state.step // self.steps_per_epoch)
        measured = self._measure(self.validation)
        if measured is None and self.validation is not None:
            return
        count = max(1, state.epoch_images)
        train_loss, throughput = state.epoch_loss_sum / count, state.epoch_images / max(1e-9, state.epoch_seconds)
        is_best = measured is not None and self._keep_if_best(measured, epoch)
        yield EpochDone(
            epoch=epoch,
            step=state.step,
            train_loss=train_loss,
            train_accuracy=state.epoch_hits / count,
            validation_loss=None if measured is None else measured.loss,
            validation_accuracy=None if measured is None else measured.accuracy,
            learning_rate=self.optimizer.param_groups[0]["lr"],
            throughput=throughput,
            seconds=state.seconds,
            is_best=is_best,
        )
        state.epoch_loss_sum, state.epoch_hits, state.epoch_images, state.epoch_seconds = 0.0, 0, 0, 0.0

    def _measure(self, store: PixelStore | None) -> Figures | None:
        if store is None:
            return None
        figures = evaluate(
            self.module, store, self.task.preprocessing, self.task.precision, lambda: self.control.stop_requested
        )
        self.state.seconds += self._restart_clock()
        return figures

    def _keep_if_best(self, measured: Figures, epoch: int) -> bool:
        state = self.state
        best = (-1.0, 0.0) if state.best_accuracy is None else (state.best_accuracy, -(state.best_loss or 0.0))
        if (measured.accuracy, -measured.loss) <= best:
            return False
        state.best_accuracy, state.best_loss = measured.accuracy, measured.loss
        state.best_epoch, state.best_step = epoch, state.step
        self.best_weights = weights_of(self.module)
        return True

    # ---- pause, stop, checkpoints

    def _obey(self) -> Iterator[Event]:
        """Do what was asked since the last step."""
        if self.control.is_paused:
            yield from self._steps_done()
            yield Paused(self.state.step)
            self.control.wait_while_paused()
            self._restart_clock()
            if not self.control.stop_requested:
                yield Resumed(self.state.step)
        if self.control.take_checkpoint_request():
            yield from self._save()

    def _checkpoint_is_due(self) -> bool:
        """Every half minute, or less often where saving is slow: at most a twentieth of the time goes into it."""
        return time.perf_counter() - self._saved_at >= max(CHECKPOINT_SECONDS, 20 * self._save_seconds)

    def _save(self) -> Iterator[Event]:
        """Put a checkpoint on disk; the event is yielded once it is safe there."""
        yield from self._steps_done()
        began = time.perf_counter()
        self.state.metrics_bytes, self.state.table_bytes = self.folder.sizes
        checkpoints = self.folder.checkpoints
        if self.best_weights is not None and self.state.best_step is not None:
            best = TrainingState(**{**vars(self.state), "step": self.state.best_step})
            checkpoints.save("best", best, self.best_weights, None)
        path = checkpoints.save("last", self.state, weights_of(self.module), self.optimizer.state_dict())
        self._saved_at = time.perf_counter()
        self._save_seconds = self._saved_at - began
        self._restart_clock()
        yield CheckpointSaved(self.state.step, str(path))

    def _load_checkpoint(self) -> None:
        checkpoints = self.folder.checkpoints
        self.state, weights, optimizer = checkpoints.load("last")
        self.module.load_state_dict(weights)
        self.optimizer.load_state_dict(optimizer)
        # Fused updates walk a weight and its state side by side in memory: both must lie in the same order.
        for parameter, entries in self.optimizer.state.items():
            for name, value in entries.items():
                if isinstance(value, torch.Tensor) and value.shape == parameter.shape:
                    entries[name] = torch.empty_like(parameter).copy_(value)
        if self.state.best_step is not None:
            self.best_weights = checkpoints.load("best")[1]
        self.folder.rewind(self.state.metrics_bytes, self.state.table_bytes)

    def _restart_clock(self) -> float:
        """Seconds since the clock was last restarted."""
        before, self._mark = self._mark, time.perf_counter()
        return self._mark - before

    # ---- the end

    def _end(self) -> Iterator[Event]:
        """Last checkpoint, best weights, the test split once, the model file, the report."""
        is_done = self._is_complete
        if self.state.step > 0:
            yield from self._save()
        if self.best_weights is not None:
            self.module.load_state_dict(self.best_weights)
        test: Figures | None = None
        if is_done:
            with contextlib.suppress(CancelledError):  # a stop here leaves the run done, and its test unmeasured
                test = self._measure((yield from self._read_split("test")))
        yield write_outcome(self.task, self.folder, self.state, "done" if is_done else "stopped", test)


_SPLIT_TITLES: dict[SplitName, str] = {
    "train": _("Reading training pictures"),
    "validation": _("Reading validation pictures"),
    "test": _("Reading test pictures"),
}
