"""The Learn page: short lessons in which everything that is shown can be changed."""

from cnn_desktop.ui.pages.learn.page import LearnPage

__all__ = ["LearnPage"]
