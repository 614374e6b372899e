"""What a person may turn while a network learns."""

from dataclasses import dataclass


@dataclass
class Dials:
    """Looked at before every step; another thread may change them."""

    learning_rate: float = 0.05
    batch_size: int = 32
    momentum: float = 0.9
    augments: bool = False
    """Whether each picture is shifted, turned and resized by chance, anew at every step."""
