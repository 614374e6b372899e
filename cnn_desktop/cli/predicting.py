"""`predict` and `evaluate`: a model in use."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnn_desktop.cli.options import DataRoot, Device, Json, ModelName, Weights
from cnn_desktop.cli.output import (
    EXIT_BAD_INPUT,
    EXIT_OK,
    EXIT_PARTLY,
    ProgressLine,
    print_json,
    print_message,
    print_text,
)
from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.language import _
from cnn_desktop.core.transfer import TransferMeter
from cnn_desktop.core.units import bytes_text, percent_text

if TYPE_CHECKING:
    from cnn_desktop.models.model import Model


def predict_command(
    images: Annotated[list[Path], typer.Argument(help=_("Pictures, or folders of pictures."))],
    model: ModelName,
    weights: Weights = None,
    top: Annotated[int, typer.Option(min=1, help=_("How many classes."))] = 10,
    csv: Annotated[Path | None, typer.Option(help=_("Write the answers into this table too."))] = None,
    device: Device = "auto",
    as_json: Json = False,
) -> int:
    """Name the best classes of pictures."""
    from cnn_desktop.predict.batch import Answer, classify, expand, write_csv
    from cnn_desktop.predict.classifier import Classifier

    paths = expand(images)
    if not paths:
        raise BadInputError(_("There are no pictures in {places}.").format(places=", ".join(map(str, images))))
    classifier = Classifier(open_named_model(model, weights), device)
    answers: list[Answer] = []
    for answer in classify(classifier, paths, top):
        answers.append(answer)
        if as_json:
            print_json(_answer_json(answer))
        else:
            _print_answer(answer)
    if csv is not None:
        write_csv(csv, answers)
    refused = sum(answer.error is not None for answer in answers)
    if refused == len(answers):
        return EXIT_BAD_INPUT
    return EXIT_PARTLY if refused else EXIT_OK


def evaluate_command(
    model: ModelName,
    dataset: Annotated[str, typer.Option(help=_("A registered name, or a folder of class folders."))],
    split: Annotated[str, typer.Option(help="train, validation, test")] = "test",
    weights: Weights = None,
    data_root: DataRoot = None,
    device: Device = "auto",
    as_json: Json = False,
) -> None:
    """Measure a model on a labelled dataset."""
    from cnn_desktop.data.sets import open_dataset
    from cnn_desktop.predict.classifier import Classifier
    from cnn_desktop.predict.evaluate import evaluate

    if split not in ("train", "validation", "test"):
        raise BadInputError(_("There is no split “{split}”; there are train, validation, test.").format(split=split))
    classifier = Classifier(open_named_model(model, weights), device)
    line = ProgressLine()
    evaluation = evaluate(
        classifier,
        open_dataset(dataset, data_root),
        split,
        lambda done, total: line.show(_("Measuring"), done, total),
    )
    line.clear()
    if as_json:
        print_json(evaluation.to_json())
    else:
        print_text(str(evaluation))


def open_named_model(name: str, weights: Path | None) -> "Model":
    """The model that a person names; says how big a download is before it starts."""
    from cnn_desktop.models.archs import architectures
    from cnn_desktop.models.weights import open_model, pretrained_is_present

    line, meter = ProgressLine(), TransferMeter()
    if weights is None and name in architectures:
        facts = architectures[name].pretrained()
        if facts is not None and not pretrained_is_present(name):
            size = bytes_text(facts.bytes)
            print_message(_("Downloading {size} of weights for {name}.").format(size=size, name=name))
    opened = open_model(name, weights, lambda done, total: line.show(str(meter.tell(done, total)), done, total))
    line.clear()
    return opened


def _answer_json(answer) -> dict[str, object]:  # noqa: ANN001 - its type would import torch before it is needed
    image = os.fspath(answer.image)
    if answer.error is not None:
        return {"image": image, "error": answer.error}
    return {"image": image, "top": [{"class": guess.label, "probability": guess.probability} for guess in answer.top]}


def _print_answer(answer) -> None:  # noqa: ANN001 - its type would import torch before it is needed
    if answer.error is not None:
        print_message(answer.error)
        return
    print_text(str(answer.image))
    for guess in answer.top:
        print_text(f"  {percent_text(guess.probability):>7}  {guess.label}")
