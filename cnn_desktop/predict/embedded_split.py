"""The pictures of a split as points in the space in which a network decides, and what it decides."""

import contextlib
import hashlib
import zipfile
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from cnn_desktop import __version__
from cnn_desktop.core.errors import DatasetError
from cnn_desktop.core.files import atomic_path
from cnn_desktop.core.language import _
from cnn_desktop.core.paths import cache_dir
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.data.batches import pixel_store
from cnn_desktop.data.dataset import Dataset, Split, SplitName
from cnn_desktop.models.fingerprint import fingerprint
from cnn_desktop.predict.classifier import Classifier
from cnn_desktop.predict.embedding import Embedder

DIRECTIONS = 50
"""More than these the points don't keep: what lies in the others is little, and would be noise to most projections."""

_BATCH_PIXELS = 16 * 224 * 224
_LARGEST_BATCH = 512
_FILES_KEPT = 20


@dataclass(frozen=True, eq=False)
class EmbeddedSplit:
    """N pictures, each a point."""

    points: np.ndarray
    """float32 N×D, D at most `DIRECTIONS`: along the principal directions of what the last layer gets, the widest
    first, with mean 0."""
    kept: np.ndarray
    """float64, shape (): which share of the variance these directions hold."""
    indices: np.ndarray
    """int64, shape (N,): which of the split they are."""
    labels: np.ndarray
    """int64, shape (N,): places in the dataset's classes."""
    answers: np.ndarray
    """int64, shape (N,): places in the model's classes."""
    confidence: np.ndarray
    """float32, shape (N,): how probable the model finds its answer."""

    def __len__(self) -> int:
        return len(self.labels)


def embed_split(
    classifier: Classifier, dataset: Dataset, split: SplitName, most: int, progress: Progress = no_progress
) -> EmbeddedSplit:
    """Run `most` pictures of a split, drawn once and for all, through the network; all, where there are fewer.

    Kept on disk for the same model and pictures. `progress` counts pictures.

    Raises:
        DatasetError: hardly any of the pictures can be read.
        ModelError: the network's answer isn't a number.
        CancelledError: `progress` raised it.
    """
    pictures = dataset.splits[split]
    drawn = np.sort(np.random.default_rng(0).permutation(len(pictures))[:most])
    file = cache_dir() / "embeddings" / f"{_key(classifier, dataset, pictures, drawn)}.npz"
    if (known := _read(file)) is not None:
        return known
    made = _embedded(classifier, pictures, drawn, progress)
    _write(file, made)
    return made


def _embedded(classifier: Classifier, pictures: Split, drawn: np.ndarray, progress: Progress) -> EmbeddedSplit:
    size = classifier.model.preprocessing
    store = pixel_store(pictures.subset(drawn), size, classifier.device, lambda _done, total: progress(0, total), 0)
    batch_size = max(1, min(_LARGEST_BATCH, _BATCH_PIXELS // (size.height * size.width)))
    features, answers, confidence, labels = [], [], [], []
    done = 0
    with Embedder(classifier) as embedder:
        for pixels, truth in store.batches(None, batch_size):
            some, logits = embedder.answer(pixels)
            surest = (logits / classifier.model.temperature).softmax(dim=1).max(dim=1)
            features.append(some.numpy())
            confidence.append(surest.values.numpy())
            answers.append(surest.indices.numpy())
            labels.append(truth.cpu().numpy())
            done += len(truth)
            progress(done, len(drawn))
    if done < 3:
        raise DatasetError(_("A map needs three pictures that can be read; there are {count}.").format(count=done))
    points, kept = _principal(np.concatenate(features))
    indices = drawn[store.indices]
    return EmbeddedSplit(points, kept, indices, *map(np.concatenate, (labels, answers, confidence)))


def _principal(features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.decomposition import PCA  # noqa: PLC0415  slow

    directions = min(DIRECTIONS, *features.shape)
    reduction = PCA(directions, random_state=0).fit(features)
    return reduction.transform(features).astype(np.float32), np.array(reduction.explained_variance_ratio_.sum())


def _key(classifier: Classifier, dataset: Dataset, pictures: Split, drawn: np.ndarray) -> str:
    digest = hashlib.sha256(f"{__version__}\0{fingerprint(classifier.model)}\0{classifier.precision}".encode())
    digest.update(f"\0{dataset.source}\0".encode())
    digest.update("\0".join(pictures.all_keys()).encode())
    digest.update(pictures.labels.tobytes() + drawn.tobytes())
    return digest.hexdigest()


def _read(file: Path) -> EmbeddedSplit | None:
    try:
        with np.load(file, allow_pickle=False) as arrays:
            return EmbeddedSplit(**{field.name: arrays[field.name] for field in fields(EmbeddedSplit)})
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _write(file: Path, made: EmbeddedSplit) -> None:
    """Keep it, and let go of the oldest; what can't be kept is computed again next time."""
    with contextlib.suppress(OSError):
        with atomic_path(file) as temporary, temporary.open("wb") as stream:
            np.savez(stream, **{field.name: getattr(made, field.name) for field in fields(made)})
        oldest = sorted(file.parent.glob("*.npz"), key=lambda path: path.stat().st_mtime)[:-_FILES_KEPT]
        for path in oldest:
            path.unlink(missing_ok=True)
