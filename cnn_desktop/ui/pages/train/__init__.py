"""The Train page."""

from cnn_desktop.ui.pages.train.train_page import TrainPage

__all__ = ["TrainPage"]
