"""Parts of this program as source of their own, for scripts that run without it."""

from cnn_desktop.models.source.bundle import Bundle
from cnn_desktop.models.source.networks import ADAPT, BUILD, NEW_HEAD, add_adaptation, add_network, add_new_head

__all__ = ["ADAPT", "BUILD", "NEW_HEAD", "Bundle", "add_adaptation", "add_network", "add_new_head"]
