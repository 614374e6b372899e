# pyright: reportMissingImports=false, reportMissingModuleSource=false
"""Contestant: Keras 3 on TensorFlow, `fit()` as in the tutorials. Runs in the environment of `keras_environment`.

Run as: keras_fit.py ARCHITECTURE PICTURES.npz BATCH_SIZE float32|mixed_bfloat16.
"""

import sys
import time
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from benchmarks.answering import Answer, Answers

_WARM_BATCHES = 20


def mnist_cnn() -> list[Any]:
    """Brownlee's first network for MNIST."""
    return [
        layers.Input((28, 28, 1)),
        layers.Conv2D(32, (3, 3), activation="relu", kernel_initializer="he_uniform"),
        layers.MaxPooling2D((2, 2)),
        layers.Flatten(),
        layers.Dense(100, activation="relu", kernel_initializer="he_uniform"),
        layers.Dense(10, activation="softmax", dtype="float32"),
    ]


def cifar_vgg6() -> list[Any]:
    """Six convolutions in pairs with batch norm and dropout."""
    stack: list[Any] = [layers.Input((32, 32, 3))]
    for width in (32, 64, 128):
        for _convolution in range(2):
            stack += [layers.Conv2D(width, (3, 3), padding="same", activation="relu"), layers.BatchNormalization()]
        stack += [layers.MaxPooling2D((2, 2)), layers.Dropout(0.25)]
    head = [layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dropout(0.25)]
    return [*stack, *head, layers.Dense(10, activation="softmax", dtype="float32")]


def cifar_tf() -> list[Any]:
    """Four convolutions and a dense layer of 1,500."""
    return [
        layers.Input((32, 32, 3)),
        layers.Conv2D(32, (3, 3), padding="same", activation="relu"),
        layers.Conv2D(64, (3, 3), padding="same", activation="relu"),
        layers.MaxPooling2D((2, 2)),
        layers.Dropout(0.25),
        layers.Conv2D(128, (3, 3), padding="same", activation="relu"),
        layers.MaxPooling2D((2, 2)),
        layers.Conv2D(128, (2, 2), padding="same", activation="relu"),
        layers.MaxPooling2D((2, 2)),
        layers.Dropout(0.25),
        layers.Flatten(),
        layers.Dense(1500, activation="relu"),
        layers.Dropout(0.5),
        layers.Dense(10, activation="softmax", dtype="float32"),
    ]


ARCHITECTURES = {"mnist_cnn": mnist_cnn, "cifar_vgg6": cifar_vgg6, "cifar_tf": cifar_tf}


class EpochClock(keras.callbacks.Callback):
    """Time inside epochs: what `fit` needs to get going isn't counted."""

    def on_train_begin(self, logs: Any = None) -> None:
        """Start from nothing."""
        self.seconds = 0.0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Start the clock."""
        self._began = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Stop the clock."""
        self.seconds += time.perf_counter() - self._began


class Fit:
    """A compiled model, and fits of a wanted length; the whole set is in memory as floats, as the tutorials have it."""

    def __init__(self, architecture: str, file: str, batch_size: int, policy: str) -> None:
        keras.config.set_dtype_policy(policy)
        with np.load(file) as arrays:
            self._inputs = arrays["images"].astype("float32") / 255.0
            self._targets = keras.utils.to_categorical(arrays["labels"], 10)
        self.model = keras.Sequential(ARCHITECTURES[architecture]())
        optimizer = keras.optimizers.SGD(0.01, momentum=0.9) if architecture == "mnist_cnn" else "adam"
        self.model.compile(optimizer=optimizer, loss="categorical_crossentropy", metrics=["accuracy"])
        self._batch_size = batch_size
        self._clock = EpochClock()
        self._fit(_WARM_BATCHES * batch_size, epochs=1)  # TensorFlow compiles its graph
        self._rate = self._throughput(self._fit(_WARM_BATCHES * batch_size, epochs=1))

    def train_for(self, seconds: float) -> Answer:
        """One fit, as many pictures as take about so long."""
        wanted = max(_WARM_BATCHES * self._batch_size, int(self._rate * seconds))
        epochs = max(1, round(wanted / len(self._inputs)))
        whole_batches = wanted // epochs // self._batch_size * self._batch_size
        answer = self._fit(min(len(self._inputs), whole_batches), epochs)
        self._rate = self._throughput(answer)
        return answer

    def _fit(self, images: int, epochs: int) -> Answer:
        self.model.fit(
            self._inputs[:images],
            self._targets[:images],
            batch_size=self._batch_size,
            epochs=epochs,
            verbose=0,
            callbacks=[self._clock],
        )
        return {"images": images * epochs, "seconds": self._clock.seconds}

    @staticmethod
    def _throughput(answer: Answer) -> float:
        return answer["images"] / answer["seconds"]


def main() -> None:
    """Compile the model, and fit whenever told to."""
    answers = Answers()
    architecture, file, batch_size, policy = sys.argv[1:]
    fit = Fit(architecture, file, int(batch_size), policy)
    facts = {
        "parameters": sum(int(np.prod(weight.shape)) for weight in fit.model.trainable_weights),
        "precision": "bf16" if policy == "mixed_bfloat16" else "fp32",
        "device": "GPU" if tf.config.list_physical_devices("GPU") else "CPU",
        "versions": {"keras": keras.__version__, "tensorflow": tf.__version__},
    }
    answers.serve(facts, fit.train_for)


if __name__ == "__main__":
    main()
