"""One training while it runs: epochs, what is asked in between, and the end."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import torch

from cnn_desktop.core.errors import CancelledError, CnnDesktopError, TrainingError, one_line
from cnn_desktop.core.events import (
    EndedEarly,
    Event,
    LayersUnfrozen,
    Notice,
    NotSaved,
    OutOfMemory,
    PartsChanged,
    Paused,
    RateChanged,
    Resumed,
    RunMoved,
    RunStarted,
    TrainingStarted,
)
from cnn_desktop.core.language import _, ngettext
from cnn_desktop.data.batches import PixelStore
from cnn_desktop.models.device import device_title
from cnn_desktop.models.layers import set_frozen
from cnn_desktop.train.control import Control
from cnn_desktop.train.keeping import Keeper
from cnn_desktop.train.looking import Looker
from cnn_desktop.train.measuring import Figures, evaluate
from cnn_desktop.train.optimization import current_learning_rate, learning_rate
from cnn_desktop.train.plan import Plan
from cnn_desktop.train.planning.checks import problems
from cnn_desktop.train.randomness import epoch_order
from cnn_desktop.train.runs.checkpoint import TrainingState
from cnn_desktop.train.runs.checkpoint_folder import Restored
from cnn_desktop.train.runs.environment import environment
from cnn_desktop.train.runs.outcome import write_outcome
from cnn_desktop.train.runs.run_folder import RunFolder
from cnn_desktop.train.shortage import (
    can_be_freed,
    do_without_broken_onednn,
    free_memory,
    is_out_of_memory,
    more_parts,
)
from cnn_desktop.train.stores import Stores, class_weights, read_stores, read_test_store
from cnn_desktop.train.tally import Tally
from cnn_desktop.train.task import Task
from cnn_desktop.train.time_machine import TimeMachine
from cnn_desktop.train.updating import Updater

_LOOKS_APART = 0.2
"""Seconds during a pause, in which another picture may be given to be looked at."""


class Run:
    """A run from its first event to its last; `task`, `folder` and `control` are its own."""

    def __init__(self, task: Task, folder: RunFolder, control: Control) -> None:
        self.task, self.folder, self.control = task, folder, control
        self.recipe, self.module = task.recipe, task.module
        self.state = TrainingState(parts=task.recipe.accumulation)

    # ---- the whole run

    def events(self, restored: Restored | None) -> Iterator[Event]:
        """Everything that happens, in order; a run goes on from `restored`, or starts.

        Raises:
            CancelledError: stopped before the first step.
        """
        yield from self._started()
        stores = yield from read_stores(self.task, self.control)
        yield from self._made_ready(stores, restored)
        try:
            while not (self._is_complete or self.control.stop_requested):
                yield from self._epoch_done(stores) if self._epoch_is_over else self._epoch(stores)
            yield from self._end()
        finally:
            self.time_machine.close()

    def _started(self) -> Iterator[Event]:
        yield RunStarted(str(self.folder.path), self.task.config.dataset, self.task.config.architecture)
        for sentence in self.task.dataset.notices:
            yield Notice(sentence)

    def _made_ready(self, stores: Stores, restored: Restored | None) -> Iterator[Event]:
        """Set up what trains, from the checkpoint where there is one; put the first on disk where there is none."""
        self.plan = Plan(self.task.config, len(stores.training))
        self.updater = Updater(self.task, class_weights(self.task, stores.training))
        self.keeper = Keeper(self.task, self.folder, self.updater)
        if restored is not None:
            yield from map(Notice, restored.notices)
            self.state = self.keeper.restore(restored)
        else:
            yield from (Notice(problem.sentence) for problem in problems(self.task))
            self.folder.write_environment(environment(self.task))
        set_frozen(self.module, self.plan.frozen_layers(self.state.step))
        self.tally = Tally(self.task, self.plan, self.state)
        self.time_machine = TimeMachine(self.task, self.folder, self.updater, self.plan)
        self.time_machine.begin(self.state.step)
        self.looker = Looker(self.task, self.control, self.updater)
        yield self._training_started(stores)
        if restored is None:
            yield from self._save()
        self.tally.restart_clock()

    def _training_started(self, stores: Stores) -> TrainingStarted:
        splits = self.task.dataset.splits
        return TrainingStarted(
            device=device_title(self.task.device),
            precision=self.task.precision,
            classes=self.task.dataset.classes,
            train_images=len(stores.training),
            validation_images=0 if stores.validation is None else len(stores.validation),
            test_images=len(splits["test"]) if "test" in splits else 0,
            parameters=sum(parameter.numel() for parameter in self.module.parameters()),
            epochs=self.plan.epochs,
            steps_per_epoch=self.plan.steps_per_epoch,
            total_steps=self.plan.total_steps,
            first_step=self.state.step,
            batch_size=self.recipe.batch_size,
            parts=self.updater.parts,
            is_exact=self.task.is_exact,
        )

    # ---- one epoch

    @property
    def _epoch_is_over(self) -> bool:
        """Whether all steps of an epoch are done and its figures are still to be reported."""
        state = self.state
        at_end = self.plan.is_epoch_end(state.step) or state.ended is not None
        return at_end and state.epoch_images > 0

    @property
    def _is_complete(self) -> bool:
        is_last = self.state.step >= self.plan.total_steps or self.state.ended is not None
        return is_last and not self._epoch_is_over

    @property
    def _rate(self) -> float:
        """The learning rate of the next update."""
        step = min(self.state.step, self.plan.total_steps - 1)
        planned = learning_rate(self.recipe, step, self.plan.total_steps, self.plan.steps_per_epoch)
        return planned * self.state.rate_factor

    def _epoch(self, stores: Stores) -> Iterator[Event]:
        """The steps from wherever the state stands in its epoch to the epoch's end, or to a stop."""
        plan, state = self.plan, self.state
        epoch, done = divmod(state.step, plan.steps_per_epoch)
        order = epoch_order(self.task.config.seed, epoch, plan.pictures)[: plan.usable]
        last_step = min(plan.total_steps, (epoch + 1) * plan.steps_per_epoch)
        yield from self._unfrozen()
        self.module.train()
        remaining = order[done * self.recipe.batch_size :]
        for pixels, labels in stores.training.batches(remaining, self.recipe.batch_size):
            yield from self._obey(stores)
            if self.control.stop_requested or state.ended is not None:
                return
            is_due = self.tally.is_due
            yield from self._step(pixels, labels, with_norm=is_due)
            if self.control.stop_requested or state.step >= last_step:
                break
            if is_due:
                yield from self._steps_done()
                yield from self._looked_at()
            if self.keeper.is_due:
                yield from self._save()
        yield from self._steps_done()
        if not self.control.stop_requested:
            state.step = last_step  # pictures that vanished from a streamed set can have cost whole batches
        yield from self._looked_at()  # where epochs are short, nothing is due within them

    def _unfrozen(self) -> Iterator[LayersUnfrozen]:
        """Let as many layers learn as the plan says for the coming step."""
        step = self.state.step
        frozen = self.plan.frozen_layers(step)
        set_frozen(self.module, frozen)
        if step and frozen != self.plan.frozen_layers(step - 1):
            learning = sum(parameter.numel() for parameter in self.module.parameters() if parameter.requires_grad)
            yield LayersUnfrozen(step, frozen, learning)

    def _step(self, pixels: torch.Tensor, labels: torch.Tensor, with_norm: bool) -> Iterator[Event]:
        """One update; where memory runs out, in more and more parts, or a stop."""
        while self._is_too_large(pixels, labels, with_norm):
            free_memory(self.task.device)
            parts = more_parts(self.updater.parts, len(labels))
            size = -(-len(labels) // self.updater.parts)
            yield OutOfMemory(self.state.step, size, -(-len(labels) // parts))
            if not self.control.wait_for_answer():
                self.control.stop()
                return
            self.updater.parts = self.state.parts = parts
            yield PartsChanged(self.state.step, parts)

    def _is_too_large(self, pixels: torch.Tensor, labels: torch.Tensor, with_norm: bool) -> bool:
        """Try to update; False once that is done. The exception, which keeps the step's tensors alive, ends here."""
        try:
            epoch = self.state.step // self.plan.steps_per_epoch
            self.tally.add(self.updater.update(pixels, labels, self.state.step, self._rate, with_norm, epoch))
        except (RuntimeError, MemoryError) as error:
            if "deterministic" in str(error) and self.task.config.deterministic:
                raise TrainingError(
                    _("This network can't be trained deterministically here ({reason}); switch that off.").format(
                        reason=one_line(error).partition(".")[0]
                    )
                ) from error
            if not is_out_of_memory(error):
                raise
            do_without_broken_onednn(error)
            self.updater.optimizer.zero_grad(set_to_none=True)
            return True
        return False

    def _steps_done(self) -> Iterator[Event]:
        if done := self.tally.steps_done(current_learning_rate(self.updater.optimizer)):
            yield done  # what diverges is seen before it ends the run
            self.tally.check()

    def _looked_at(self) -> Iterator[Event]:
        """Show the network to who looks, and keep a snapshot where it is time for one."""
        self._show()
        self.time_machine.look(self.state.step)
        yield from self._gaps()

    def _gaps(self) -> Iterator[Notice]:
        if (problem := self.time_machine.take_problem()) is not None:
            yield Notice(problem)

    def _show(self) -> None:
        self.looker.look(self.state.step, self.state.step / self.plan.steps_per_epoch)

    def _epoch_done(self, stores: Stores) -> Iterator[Event]:
        """Measure the validation part and report the epoch; a stop leaves that to the run's next start."""
        with self.updater.averaged():
            measured = self._measure(stores.validation)
            if measured is None and stores.validation is not None:
                return
            epoch = self.plan.epoch_of(self.state.step)
            is_best = measured is not None and self.keeper.keep_if_best(self.state, measured, epoch)
        yield self.tally.epoch_done(current_learning_rate(self.updater.optimizer), measured, is_best)
        if measured is not None and self.state.ended is None:
            yield from self._stopped_early(measured, epoch)

    def _measure(self, store: PixelStore | None) -> Figures | None:
        if store is None:
            return None
        figures = evaluate(
            self.module, store, self.task.preprocessing, self.task.precision, lambda: self.control.stop_requested
        )
        self.tally.validated()
        return figures

    def _stopped_early(self, measured: Figures, epoch: int) -> Iterator[EndedEarly]:
        state, patience = self.state, self.recipe.early_stopping
        if state.lowest_validation_loss is None or measured.loss < state.lowest_validation_loss:
            state.lowest_validation_loss, state.lowest_validation_epoch = measured.loss, epoch
        waited = epoch - (state.lowest_validation_epoch or epoch)
        if patience and waited >= patience and state.step < self.plan.total_steps:
            sentence = ngettext(
                "Validation loss has not improved for {count} epoch.",
                "Validation loss has not improved for {count} epochs.",
                waited,
            )
            yield from self._ended_early(sentence.format(count=waited))

    def _ended_early(self, reason: str) -> Iterator[EndedEarly]:
        self.state.ended = reason
        yield EndedEarly(self.state.step, reason)

    # ---- pause, stop, checkpoints

    def _obey(self, stores: Stores) -> Iterator[Event]:
        """Do what was asked since the last step."""
        if self.control.is_paused:
            yield from self._pause(stores)
        if (rate := self.control.take_rate()) is not None:
            self.state.rate_factor *= rate / max(1e-30, self._rate)
            yield RateChanged(self.state.step, rate)
        if (place := self.control.take_place()) is not None:
            yield from self._move(place)
        if self.control.take_checkpoint_request():
            yield from self._save()
        if self.control.finish_requested:
            yield from self._steps_done()
            yield from self._ended_early(_("Ended at step {step} as asked.").format(step=self.state.step))

    def _move(self, place: Path) -> Iterator[Event]:
        """Keep the run in `place` from now on, with a checkpoint there before anything else."""
        old = self.folder.path
        try:
            self.folder.move_into(place)
        except OSError as error:
            sentence = _("The run can't be kept in {folder} ({reason}); choose another place.")
            yield NotSaved(self.state.step, sentence.format(folder=place, reason=error.strerror or error))
            return
        sentence = _("The run is kept in {new} from here on; what was saved before is in {old}.")
        yield RunMoved(self.state.step, str(self.folder.path), sentence.format(new=self.folder.path, old=old))
        yield from self._save()

    def _pause(self, stores: Stores) -> Iterator[Event]:
        yield from self._steps_done()
        frees_device = self.control.frees_device and can_be_freed(self.task.device)
        if frees_device:
            self._move_to(torch.device("cpu"), stores)
            free_memory(self.task.device)
        yield Paused(self.state.step, frees_device)
        while not self.control.wait_while_paused(_LOOKS_APART):
            self._show()
        if frees_device:
            self._move_to(self.task.device, stores)
        self.tally.restart_clock()
        if not self.control.stop_requested:
            yield Resumed(self.state.step)

    def _move_to(self, device: torch.device, stores: Stores) -> None:
        self.updater.move_to(device)
        stores.move_to(device)

    def _save(self) -> Iterator[Event]:
        """Put a checkpoint on disk; that it is there is said once it is safe."""
        yield from self._steps_done()
        yield self.keeper.save(self.state)
        self.tally.restart_clock()

    # ---- the end

    def _end(self) -> Iterator[Event]:
        """Last checkpoint, best weights, the test split once, the model file, the report."""
        is_done = self._is_complete
        yield from self._save_somewhere()
        self.looker.finish(self.state.step, self.state.step / self.plan.steps_per_epoch)
        self.time_machine.finish(self.state.step)
        yield from self._gaps()
        self.keeper.take_best()
        test: Figures | None = None
        if is_done and "test" in self.task.dataset.splits:
            with contextlib.suppress(CancelledError):  # a stop here leaves the run done, and its test unmeasured
                test = self._measure((yield from read_test_store(self.task, self.control)))
        if not is_done and not self.keeper.is_saved:
            raise TrainingError(_("Stopped, but the state could not be saved; the run goes on from an older step."))
        yield from self._outcome("done" if is_done else "stopped", test)

    def _save_somewhere(self) -> Iterator[Event]:
        """Put the last checkpoint on disk; where the run's folder doesn't take it, the run moves to another."""
        yield from self._save()
        while not self.keeper.is_saved and (sentence := self.folder.move_elsewhere()) is not None:
            yield self._moved(sentence)
            yield from self._save()

    def _outcome(self, outcome: Literal["done", "stopped"], test: Figures | None) -> Iterator[Event]:
        """Write model and report; where the run's folder doesn't take them, into another."""
        while True:
            try:
                finished = write_outcome(self.task, self.folder, self.state, outcome, test)
                break
            except (OSError, CnnDesktopError):
                if (sentence := self.folder.move_elsewhere()) is None:
                    raise
            yield self._moved(sentence)
        yield finished

    def _moved(self, sentence: str) -> RunMoved:
        return RunMoved(self.state.step, str(self.folder.path), sentence)
