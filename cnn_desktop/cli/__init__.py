"""The command line: each command builds a config, calls one engine function, and prints its events."""

from cnn_desktop.cli.application import WindowRequest, run

__all__ = ["WindowRequest", "run"]
