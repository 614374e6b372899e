"""The main job in the terminal: train on the built-in dataset, measure, classify a held-out picture, draw the chart."""

from pathlib import Path

from cnn_desktop.cli.output import print_text
from cnn_desktop.cli.training_output import print_training
from cnn_desktop.core.language import _
from cnn_desktop.core.units import percent_text

DATASET, ARCHITECTURE = "digits", "mnist_cnn"


def tour() -> int:
    """Run it; returns the exit code."""
    from cnn_desktop.train.runs.listing import list_runs
    from cnn_desktop.train.setup import default_config

    code = print_training(default_config(DATASET, ARCHITECTURE), as_json=False)
    if code:
        return code
    folder = list_runs()[0].path
    _classify_held_out(folder)
    _draw_chart(folder)
    return code


def _classify_held_out(run: Path) -> None:
    from cnn_desktop.data.sets import open_dataset
    from cnn_desktop.models.weights import open_model
    from cnn_desktop.predict.classifier import Classifier

    dataset = open_dataset(DATASET)
    test = dataset.splits["test"]
    truth = dataset.classes[test.labels[0]]
    print_text()
    print_text(_("A held-out picture, {name}, which is “{truth}”:").format(name=test.name(0), truth=truth))
    for guess in Classifier(open_model(str(run))).predict(test.opened(0)):
        bar = "█" * round(30 * guess.probability)
        print_text(f"  {guess.label:>4}  {percent_text(guess.probability):>7}  {bar}")


def _draw_chart(run: Path) -> None:
    from cnn_desktop.train.runs.chart import write_chart

    print_text()
    print_text(_("Chart of the run: {file}").format(file=write_chart(run)))
