"""The time machine: a run's network at any moment of its training."""

from cnn_desktop.ui.pages.inspect.time_machine.panel import TimeMachinePanel

__all__ = ["TimeMachinePanel"]
