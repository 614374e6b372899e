"""What a network does with one picture: every operation in order, with the numbers it took and gave."""

from cnn_desktop.explain.recording.layers import Layer, layers_of
from cnn_desktop.explain.recording.operation import Axes, Operation, Places, Window
from cnn_desktop.explain.recording.recorder import outline, record
from cnn_desktop.explain.recording.recording import INPUT, Recording, maps_of

__all__ = [
    "INPUT",
    "Axes",
    "Layer",
    "Operation",
    "Places",
    "Recording",
    "Window",
    "layers_of",
    "maps_of",
    "outline",
    "record",
]
