"""The events of a run that nobody trains, as a trainer would report them."""

import math
import random

from cnn_desktop.core.events import EpochDone, Event, RunStarted, StepsDone, TrainingStarted

_STEPS_PER_EPOCH = 1000


class MadeRun:
    """A run of `total` steps, 1,000 an epoch, whose loss falls and scatters."""

    def __init__(self, total: int) -> None:
        self.step = 0
        self._total = total
        self._noise = random.Random(0)

    def start(self) -> list[Event]:
        """What comes before the first step."""
        epochs = math.ceil(self._total / _STEPS_PER_EPOCH)
        return [
            RunStarted("/runs/fake", "digits", "mnist_cnn"),
            TrainingStarted(
                device="CPU",
                precision="bf16",
                classes=("a", "b"),
                train_images=128_000,
                validation_images=10_000,
                test_images=10_000,
                parameters=30_230,
                epochs=epochs,
                steps_per_epoch=_STEPS_PER_EPOCH,
                total_steps=self._total,
                first_step=0,
                batch_size=128,
                parts=1,
                is_exact=True,
            ),
        ]

    def steps(self, count: int) -> list[Event]:
        """The next `count` steps in one report, and the epoch that ends among them."""
        level = 0.4 + 2 * math.exp(-4 * self.step / self._total)
        losses = tuple(level + self._noise.gauss(0, 0.15) for _step in range(count))
        epoch = self.step // _STEPS_PER_EPOCH
        self.step += count
        share = self.step / self._total
        steps = StepsDone(
            step=self.step,
            losses=losses,
            accuracy=0.9 - 0.6 * math.exp(-4 * share) + self._noise.gauss(0, 0.02),
            learning_rate=1e-3 * (1 - share),
            throughput=128_000 + self._noise.gauss(0, 3000),
            seconds=share * 1000,
            seconds_left=(1 - share) * 1000,
            gradient_norm=1 + abs(self._noise.gauss(0, 0.3)),
            device_memory=int(1.2e9 + self._noise.gauss(0, 1e6)),
        )
        if self.step // _STEPS_PER_EPOCH == epoch:
            return [steps]
        figures = EpochDone(
            epoch=epoch + 1,
            step=self.step,
            train_loss=level,
            train_accuracy=0.9,
            validation_loss=level + 0.1,
            validation_accuracy=0.85,
            learning_rate=1e-3,
            throughput=128_000.0,
            seconds=share * 1000,
            is_best=True,
        )
        return [steps, figures]
