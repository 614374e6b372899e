"""The window: Qt lives only here, and nothing reaches torch at import, so that the window is painted first."""
