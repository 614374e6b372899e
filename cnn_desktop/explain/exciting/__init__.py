"""Which pictures of a dataset excite each channel of a network most."""

from cnn_desktop.explain.exciting.finding import most_exciting
from cnn_desktop.explain.exciting.record import Excited, Excitement
from cnn_desktop.explain.exciting.storing import known_excitement

__all__ = ["Excited", "Excitement", "known_excitement", "most_exciting"]
