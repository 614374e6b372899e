"""What a person may ask of a run while it runs; looked at before every step."""

import threading


class Control:
    """Requests from any thread to the thread that trains."""

    def __init__(self) -> None:
        self._going = threading.Event()
        self._going.set()
        self._stop = threading.Event()
        self._checkpoint = threading.Event()

    @property
    def is_paused(self) -> bool:
        """Whether a pause was asked for and not taken back."""
        return not self._going.is_set()

    @property
    def stop_requested(self) -> bool:
        """Whether the run shall end at the next step."""
        return self._stop.is_set()

    def pause(self) -> None:
        """Hold still before the next step."""
        self._going.clear()

    def resume(self) -> None:
        """Go on after a pause."""
        self._going.set()

    def stop(self) -> None:
        """Save a checkpoint before the next step and end the run; ends a pause too."""
        self._stop.set()
        self._going.set()

    def save_checkpoint(self) -> None:
        """Save a checkpoint before the next step."""
        self._checkpoint.set()

    def take_checkpoint_request(self) -> bool:
        """Whether a checkpoint was asked for since the last call."""
        asked = self._checkpoint.is_set()
        self._checkpoint.clear()
        return asked

    def wait_while_paused(self) -> None:
        """Block until the pause is over or the run shall stop."""
        self._going.wait()
