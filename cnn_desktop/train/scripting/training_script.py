"""A run as a script of its own: the same pictures, the same random numbers, the same updates.

Leaf by leaf it holds the very lines of this program (`models.source`); what stands between them is written for the run,
and holds nothing that the run didn't use.
"""

from dataclasses import dataclass
from pathlib import Path

from cnn_desktop.core.augmentation import Augmentation
from cnn_desktop.core.config import RunConfig
from cnn_desktop.core.preprocessing import Preprocessing
from cnn_desktop.core.progress import Progress, no_progress
from cnn_desktop.models.model import Model
from cnn_desktop.models.source import Bundle
from cnn_desktop.models.source.layout import call, script
from cnn_desktop.predict.export.prediction_script import PREPROCESSING_CLASS
from cnn_desktop.train import randomness
from cnn_desktop.train.scripting.gathering import subject_of
from cnn_desktop.train.scripting.listed import picture_list
from cnn_desktop.train.scripting.main_function import main_function
from cnn_desktop.train.scripting.measuring import add_measuring
from cnn_desktop.train.scripting.network import OWN_GENERATOR, add_start
from cnn_desktop.train.scripting.optimizer import add_optimizer
from cnn_desktop.train.scripting.pictures import add_pictures
from cnn_desktop.train.scripting.rate import add_rate
from cnn_desktop.train.scripting.remarks import summary
from cnn_desktop.train.scripting.settings import augmentation_class, settings
from cnn_desktop.train.scripting.subject import Subject
from cnn_desktop.train.scripting.update import add_average, add_update
from cnn_desktop.train.scripting.varying import add_varying


@dataclass(frozen=True)
class TrainingScript:
    """A script, and what has to lie beside it."""

    text: str
    pictures: str | None
    """What its `pictures.LIST` holds; None where it needs none."""
    start: Model | None
    """What its `network.START` holds; None where it starts from nothing."""


def training_script(config: RunConfig, run: Path | None, progress: Progress = no_progress) -> TrainingScript:
    """A script that trains as the run in the folder `run` did, or as `config` says where there was none.

    It needs torch and torchvision, and nothing of this program. On one kind of processor, in fp32, it ends with the
    same weights bit for bit; what differs elsewhere is said in its text.

    Raises:
        BadInputError: the dataset or the weights that it starts from aren't there.
        ExportError: no script can read the dataset.
    """
    subject = subject_of(config, run, progress)
    return TrainingScript(_text(subject), picture_list(subject), subject.start)


def _text(subject: Subject) -> str:
    own = {
        "own_generator": OWN_GENERATOR,
        "Preprocessing": PREPROCESSING_CLASS,
        "Augmentation": augmentation_class(),
    }
    bundle = Bundle(own)
    bundle.need("from pathlib import Path", "import torch", "from torch import nn")
    if subject.needs_preprocessing or subject.is_varied:
        bundle.need("from dataclasses import dataclass")
    sections = {"What the run was told": settings(bundle, subject)}
    bundle.add(randomness.derived_seed, randomness.epoch_order)
    sections["Chance: every draw starts from a seed that is computed"] = bundle.take()
    _add_facts(bundle, subject)
    add_pictures(bundle, subject)
    sections["Pictures"] = bundle.take()
    add_start(bundle, subject)
    sections["The network"] = bundle.take()
    add_varying(bundle, subject)
    sections["Varying the training pictures"] = bundle.take()
    add_rate(bundle, subject)
    add_optimizer(bundle, subject)
    add_update(bundle, subject)
    add_average(bundle, subject)
    sections["Learning"] = bundle.take()
    add_measuring(bundle, subject)
    main = main_function(bundle, subject)
    sections["Training"] = f"{bundle.take()}\n\n\n{main}"
    return script(summary(subject), bundle.imports, sections)


def _add_facts(bundle: Bundle, subject: Subject) -> None:
    """Take in what functions of the script are told of pictures and their changes."""
    wanted, usual = subject.recipe.augmentation.model_dump(), Augmentation().model_dump()
    if subject.needs_preprocessing:
        bundle.add(Preprocessing)
        bundle.write("PREPROCESSING", f"PREPROCESSING = {call('Preprocessing', subject.preprocessing.model_dump())}")
    if changes := {name: value for name, value in wanted.items() if value != usual[name]}:
        bundle.add(Augmentation)
        bundle.write("AUGMENTATION", f"AUGMENTATION = {call('Augmentation', changes)}")
