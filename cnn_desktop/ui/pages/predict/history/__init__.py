"""The last pictures of the Predict page, as a strip of thumbnails."""

from cnn_desktop.ui.pages.predict.history.card import HistoryCard
from cnn_desktop.ui.pages.predict.history.entries import HistoryEntry

__all__ = ["HistoryCard", "HistoryEntry"]
