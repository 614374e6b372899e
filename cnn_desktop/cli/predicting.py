"""`predict`: a model in use."""

import sys
from collections.abc import Generator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnn_desktop.cli.options import Device, Json, ModelName, Weights
from cnn_desktop.cli.output import (
    EXIT_BAD_INPUT,
    EXIT_INTERRUPTED,
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
from cnn_desktop.core.units import bytes_text, duration_text, percent_text

if TYPE_CHECKING:
    from cnn_desktop.models.model import Model
    from cnn_desktop.predict.batch import Answer, Batch


def predict_command(
    images: Annotated[list[Path], typer.Argument(help=_("Pictures, or folders of pictures."))],
    model: ModelName,
    weights: Weights = None,
    top: Annotated[int, typer.Option(min=1, help=_("How many classes."))] = 10,
    threshold: Annotated[
        float, typer.Option(min=0, max=1, help=_("Answers less probable than this are called unsure."))
    ] = 0.0,
    csv: Annotated[Path | None, typer.Option(help=_("Write the answers into this table too."))] = None,
    copy_to: Annotated[
        Path | None, typer.Option(help=_("Copy the pictures into a folder for each class, below this one."))
    ] = None,
    device: Device = "auto",
    precision: Annotated[str, typer.Option(help="auto, fp32, bf16")] = "auto",
    as_json: Json = False,
) -> int:
    """Name the best classes of pictures; interrupted, the same command goes on where it was."""
    from cnn_desktop.predict.batch import Batch, expand
    from cnn_desktop.predict.classifier import Classifier

    paths = expand(images)
    if not paths:
        raise BadInputError(_("There are no pictures in {places}.").format(places=", ".join(map(str, images))))
    classifier = Classifier(open_named_model(model, weights), device, precision)
    print_message(classifier.precision_reason)
    answers: list[Answer] = []
    with Batch(classifier, paths, top) as batch:
        _tell_about(batch)
        try:
            for answer in _answers_with_progress(batch):
                answers.append(answer)
                _print_answer(answer, threshold, as_json)
            _write(answers, threshold, csv, copy_to)
        except KeyboardInterrupt:
            print_message(_interrupted(batch, len(answers)))
            return EXIT_INTERRUPTED
        batch.finish()
    refused = sum(answer.error is not None for answer in answers)
    if refused == len(answers):
        return EXIT_BAD_INPUT
    return EXIT_PARTLY if refused else EXIT_OK


def open_named_model(name: str, weights: Path | None) -> "Model":
    """The model that a person names; says how big a download is before it starts, and what its file left open."""
    from cnn_desktop.models.architecture import find_architecture
    from cnn_desktop.models.weights import names_network, open_model, pretrained_is_present

    line, meter = ProgressLine(), TransferMeter()
    if weights is None and names_network(name):
        facts = find_architecture(name).pretrained()
        if facts is not None and not pretrained_is_present(name):
            size = bytes_text(facts.bytes)
            print_message(_("Downloading {size} of weights for {name}.").format(size=size, name=name))
    opened = open_model(name, weights, lambda done, total: line.show(str(meter.tell(done, total)), done, total))
    line.clear()
    for sentence in opened.assumptions:
        print_message(sentence)
    return opened


def _tell_about(batch: "Batch") -> None:
    if batch.remembered:
        text = _("Going on after {done:,} of {total:,} pictures that were answered before.")
        print_message(text.format(done=batch.remembered, total=len(batch.paths)))
    if batch.trouble:
        print_message(batch.trouble)


def _answers_with_progress(batch: "Batch") -> Generator["Answer"]:
    """The answers; where they aren't printed in between, stderr shows how far it is and how long the rest takes."""
    line, meter = ProgressLine(is_wanted=not sys.stdout.isatty()), TransferMeter()
    total = len(batch.paths)
    with closing(batch.answers()) as answers:
        for done, answer in enumerate(answers, 1):
            yield answer
            left = meter.tell(max(0, done - batch.remembered), total - batch.remembered).seconds_left
            text = _("{done:,} of {total:,} pictures").format(done=done, total=total)
            more = "" if left is None else _(" · {time} left").format(time=duration_text(left))
            line.show(text + more, done, total)
    line.clear()


def _write(answers: Sequence["Answer"], threshold: float, csv: Path | None, copy_to: Path | None) -> None:
    from cnn_desktop.predict.batch import copy_into_folders, write_csv

    if csv is not None:
        write_csv(csv, answers, threshold)
    if copy_to is not None:
        line = ProgressLine()
        show = partial(line.show, _("Copying"))
        copied = copy_into_folders(answers, copy_to, threshold, show)
        line.clear()
        for problem in copied.problems:
            print_message(problem)
        text = _("{count:,} pictures lie in {folders:,} folders in {place}.")
        count = sum(copied.counts.values())
        print_message(text.format(count=count, folders=len(copied.counts), place=copy_to))


def _interrupted(batch: "Batch", done: int) -> str:
    text = _("Interrupted after {done:,} of {total:,} pictures.").format(done=done, total=len(batch.paths))
    if batch.can_go_on:
        return _("{text} The same command goes on from there.").format(text=text)
    return " ".join(filter(None, (text, batch.trouble)))


def _print_answer(answer: "Answer", threshold: float, as_json: bool) -> None:
    from cnn_desktop.predict.batch import as_json as json_of

    if as_json:
        print_json(json_of(answer, threshold))
    elif answer.top is None:
        print_message(answer.error or "")
    else:
        unsure = _("  (unsure)") if answer.is_unsure(threshold) else ""
        print_text(f"{answer.image}{unsure}")
        for guess in answer.top:
            print_text(f"  {percent_text(guess.probability):>7}  {guess.label}")
