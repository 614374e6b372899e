"""What a person may ask of a run while it runs; looked at before every step."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnn_desktop.train.sight import Look, Sight


class Control:
    """Requests from any thread to the thread that trains.

    Args:
        asks: whether someone is there to answer when memory runs out: training then waits for `answer`. Otherwise a
            batch is computed in more parts without asking.
    """

    def __init__(self, asks: bool = False) -> None:
        self.asks = asks
        self._lock = threading.Lock()
        self._going = threading.Event()
        self._going.set()
        self._answered = threading.Event()
        self._stop = threading.Event()
        self._finish = threading.Event()
        self._checkpoint = threading.Event()
        self._rate: float | None = None
        self._place: Path | None = None
        self._answer = False
        self._sight: Sight | None = None
        self.frees_device = False
        self.wanted_look: Look | None = None
        """What somebody wants to see of the network; None while nobody looks."""

    @property
    def is_paused(self) -> bool:
        """Whether a pause was asked for and not taken back."""
        return not self._going.is_set()

    @property
    def stop_requested(self) -> bool:
        """Whether the run shall end at the next step, to go on another time."""
        return self._stop.is_set()

    @property
    def finish_requested(self) -> bool:
        """Whether training shall end at the next step as if its last one were done: with test, model and report."""
        return self._finish.is_set()

    def pause(self, free_device: bool = False) -> None:
        """Hold still before the next step; with `free_device`, all tensors wait in the computer's main memory."""
        self.frees_device = free_device
        self._going.clear()

    def resume(self) -> None:
        """Go on after a pause."""
        self._going.set()

    def stop(self) -> None:
        """Save a checkpoint before the next step and end the run; ends a pause and a question too."""
        self._stop.set()
        self._going.set()
        self._answered.set()

    def finish(self) -> None:
        """End training before the next step and measure what it gave; ends a pause too."""
        self._finish.set()
        self._going.set()

    def save_checkpoint(self) -> None:
        """Save a checkpoint before the next step."""
        self._checkpoint.set()

    def take_checkpoint_request(self) -> bool:
        """Whether a checkpoint was asked for since the last call."""
        asked = self._checkpoint.is_set()
        self._checkpoint.clear()
        return asked

    def change_rate(self, rate: float) -> None:
        """Use `rate` for the next step; the schedule goes on from there in the same proportions."""
        with self._lock:
            self._rate = rate

    def take_rate(self) -> float | None:
        """The learning rate that was asked for since the last call."""
        with self._lock:
            rate, self._rate = self._rate, None
        return rate

    def move_run(self, place: Path) -> None:
        """Keep the run in a new folder in `place` from the next step on."""
        with self._lock:
            self._place = place

    def take_place(self) -> Path | None:
        """The folder that was named for the run since the last call."""
        with self._lock:
            place, self._place = self._place, None
        return place

    def answer(self, agreed: bool) -> None:
        """Whether to compute batches in more parts, after an `OutOfMemory` event; without consent the run stops."""
        self._answer = agreed
        self._answered.set()

    def wait_for_answer(self) -> bool:
        """What was answered; at once, and yes, where nobody is there to be asked."""
        if not self.asks:
            return True
        self._answered.wait()
        self._answered.clear()
        return self._answer and not self.stop_requested

    def wait_while_paused(self, seconds: float | None = None) -> bool:
        """Block until the pause is over or the run shall stop, or no longer than `seconds`; whether it is over."""
        return self._going.wait(seconds)

    def look(self, look: Look | None) -> None:
        """See what the network makes of a picture, a few times a second from the next steps on; None: no longer."""
        self.wanted_look = look
        if look is None:
            self.take_sight()

    def show(self, sight: Sight) -> None:
        """Put out what was seen, in the place of what nobody has fetched yet."""
        with self._lock:
            self._sight = sight if self.wanted_look is not None else None

    def take_sight(self) -> Sight | None:
        """What was seen last, unless it was taken before."""
        with self._lock:
            sight, self._sight = self._sight, None
        return sight
