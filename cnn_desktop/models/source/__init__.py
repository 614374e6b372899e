"""Parts of this program as source of their own, for scripts that run without it."""

from cnn_desktop.models.source.bundle import Bundle
from cnn_desktop.models.source.networks import add_adaptation, add_network, add_new_head, can_be_empty

__all__ = ["Bundle", "add_adaptation", "add_network", "add_new_head", "can_be_empty"]
