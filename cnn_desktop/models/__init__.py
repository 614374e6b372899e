"""Networks: architectures, their layers, model files, devices. Importing it registers every architecture."""

from cnn_desktop.models import archs as archs
