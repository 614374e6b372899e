"""One optimizer update on one batch: what a training step computes."""

import contextlib
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import functional
from torch.nn.utils import clip_grads_with_norm_, get_total_norm

from cnn_desktop.data.augment import Augmenter, Mixer
from cnn_desktop.data.augment.dice import alternating
from cnn_desktop.data.pictures import normalize
from cnn_desktop.models.device import autocast
from cnn_desktop.train.averaging import WeightAverage
from cnn_desktop.train.optimization import make_optimizer, set_learning_rate
from cnn_desktop.train.randomness import derived_seed, seed_device
from cnn_desktop.train.task import Task


@dataclass(frozen=True)
class Update:
    """What an update found, left on the device as scalars."""

    loss: torch.Tensor
    """Mean over the batch, before the update."""
    hits: torch.Tensor
    """Right answers among the batch's pictures; of a mixed one, the class of its larger part."""
    count: int
    gradient_norm: torch.Tensor | None


def part_size(count: int, parts: int) -> int:
    """Pictures computed at once when a batch of `count` is computed in `parts`; the last part may be smaller."""
    return -(-count // min(parts, count))


class Updater:
    """Updates a task's network batch by batch: optimizer, gradient scaler and average of the weights.

    Everything random in an update follows from the run's seed and the update's number.

    Args:
        task: network, device and recipe.
        class_weights: float, one a class, on the device; None where all count the same.
    """

    def __init__(self, task: Task, class_weights: torch.Tensor | None = None) -> None:
        self.task, self.class_weights = task, class_weights
        recipe = task.recipe
        self.parts = recipe.accumulation
        self.optimizer = make_optimizer(recipe, task.module)
        self.scaler = torch.amp.GradScaler(task.device.type, enabled=task.precision == "fp16")
        self.average = WeightAverage(task.module, recipe.ema_decay) if recipe.ema_decay else None
        self._augmenter = Augmenter(recipe.augmentation, task.preprocessing)
        self._mixer = Mixer(recipe.augmentation, len(task.dataset.classes)) if recipe.augmentation.mixes else None
        self._generator = torch.Generator(task.device)

    def update(
        self,
        pixels: torch.Tensor,
        labels: torch.Tensor,
        step: int,
        rate: float,
        with_norm: bool = False,
        epoch: int = 0,
    ) -> Update:
        """Change the weights once.

        Args:
            pixels: uint8 N×C×H×W on the device.
            labels: int64, shape (N,), on the device.
            step: updates done before this one.
            rate: learning rate.
            with_norm: whether to compute the norm of all gradients, which costs a pass over them.
            epoch: done before this one; pictures are mirrored in every other one.
        """
        task, recipe = self.task, self.task.recipe
        seed_device(task.device, derived_seed(task.config.seed, "step", step))
        self._generator.manual_seed(derived_seed(task.config.seed, "augmentation", step))
        set_learning_rate(self.optimizer, rate)
        self.optimizer.zero_grad(set_to_none=True)
        flip = alternating(pixels, epoch) if recipe.augmentation.horizontal_flip else None
        batch = self._augmenter(normalize(pixels, task.preprocessing), self._generator, flip)
        targets = labels
        if self._mixer is not None:
            batch, targets = self._mixer(batch, labels, self._generator)
        loss, hits = self._add_gradients(batch, labels, targets)
        norm = self._clipped_norm(recipe.clip_norm) if with_norm or recipe.clip_norm else None
        self.scaler.step(self.optimizer)
        self.scaler.update()
        if self.average is not None:
            self.average.update(step + 1)
        return Update(loss, hits, len(labels), norm)

    def _add_gradients(
        self, batch: torch.Tensor, labels: torch.Tensor, targets: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Compute the gradients of the batch's mean loss, part by part; return that loss and the number of hits.

        Args:
            batch: normalised, float N×C×H×W.
            labels: int64, shape (N,), by which hits are counted.
            targets: the same, or the share of each class, float N×classes.
        """
        weight = self._weight(targets)
        size = part_size(len(labels), self.parts)
        losses, hits = [], []
        for pictures, own, wanted in zip(batch.split(size), labels.split(size), targets.split(size), strict=True):
            with autocast(self.task.device, self.task.precision):
                logits = self.task.module(pictures)
            logits = logits.float()
            loss = self._summed_loss(logits, wanted) / weight
            self.scaler.scale(loss).backward()
            losses.append(loss.detach())
            hits.append((logits.detach().argmax(1) == own).sum())
        return (losses[0], hits[0]) if len(losses) == 1 else (torch.stack(losses).sum(), torch.stack(hits).sum())

    def _weight(self, targets: torch.Tensor) -> torch.Tensor | int:
        """What the summed loss is divided by: how many pictures there are, or what their classes weigh."""
        if self.class_weights is None:
            return len(targets)
        return (self.class_weights[targets] if targets.ndim == 1 else targets @ self.class_weights).sum()

    def _summed_loss(self, logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        return functional.cross_entropy(
            logits,
            targets,
            weight=self.class_weights,
            reduction="sum",
            label_smoothing=self.task.recipe.label_smoothing,
        )

    def _clipped_norm(self, largest: float) -> torch.Tensor:
        """The norm of all gradients together; where `largest` isn't 0, they are scaled down to it (Pascanu 2013)."""
        self.scaler.unscale_(self.optimizer)
        learning = [parameter for group in self.optimizer.param_groups for parameter in group["params"]]
        learning = [parameter for parameter in learning if parameter.grad is not None]
        norm = get_total_norm([parameter.grad for parameter in learning if parameter.grad is not None])
        if largest:
            clip_grads_with_norm_(learning, largest, norm)
        return norm

    def averaged(self) -> AbstractContextManager[None]:
        """A context in which the network has the average of its weights, where one is kept."""
        return contextlib.nullcontext() if self.average is None else self.average.in_place()

    # ---- what a checkpoint keeps

    def facts(self) -> dict[str, Any]:
        """All of the state but tensors, as JSON values."""
        return {"groups": self.optimizer.state_dict()["param_groups"], "scaler": self.scaler.state_dict()}

    def tensors(self) -> dict[str, torch.Tensor]:
        """The optimizer's state and the average of the weights, by names."""
        state: dict[int, dict[str, Any]] = self.optimizer.state_dict()["state"]
        tensors = {
            f"optimizer.{index}.{name}": value
            for index, entries in state.items()
            for name, value in entries.items()
            if isinstance(value, torch.Tensor)
        }
        if self.average is not None:
            tensors |= {f"average.{name}": tensor for name, tensor in self.average.tensors().items()}
        return tensors

    def load(self, facts: dict[str, Any], tensors: dict[str, torch.Tensor]) -> None:
        """Go on from what `facts` and `tensors` gave."""
        state: dict[int, dict[str, torch.Tensor]] = {}
        for key, tensor in tensors.items():
            kind, _dot, name = key.partition(".")
            if kind == "optimizer":
                index, _dot, entry = name.partition(".")
                state.setdefault(int(index), {})[entry] = tensor
        self.optimizer.load_state_dict({"state": state, "param_groups": facts["groups"]})
        self._align_optimizer_state()
        if facts["scaler"]:
            self.scaler.load_state_dict(facts["scaler"])
        if self.average is not None:
            self.average.load({key.removeprefix("average."): tensor for key, tensor in tensors.items()})

    def move_to(self, device: torch.device) -> None:
        """Keep network, optimizer state and average on `device` until the next move."""
        self.optimizer.zero_grad(set_to_none=True)
        self.task.module.to(device)
        for entries in self.optimizer.state.values():
            for name, value in entries.items():
                if isinstance(value, torch.Tensor):
                    entries[name] = value.to(device)
        if self.average is not None:
            self.average.move_to(device)

    def _align_optimizer_state(self) -> None:
        """Fused updates walk a weight and its state side by side in memory: both must lie in the same order."""
        for parameter, entries in self.optimizer.state.items():
            for name, value in entries.items():
                if isinstance(value, torch.Tensor) and value.shape == parameter.shape:
                    entries[name] = torch.empty_like(parameter).copy_(value)
