"""Many pictures in, an answer for each out, whatever state their files are in and however often it is interrupted."""

from cnn_desktop.predict.batch.answer import Answer, expand
from cnn_desktop.predict.batch.batch import Batch
from cnn_desktop.predict.batch.classifying import classify
from cnn_desktop.predict.batch.folders import Copied, copy_into_folders
from cnn_desktop.predict.batch.tables import as_json, write_csv, write_json

__all__ = ["Answer", "Batch", "Copied", "as_json", "classify", "copy_into_folders", "expand", "write_csv", "write_json"]
