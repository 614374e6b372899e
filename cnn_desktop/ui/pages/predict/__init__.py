"""The Predict page: a picture in, the ten best classes out."""

from cnn_desktop.ui.pages.predict.page import PredictPage

__all__ = ["PredictPage"]
