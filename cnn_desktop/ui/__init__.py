"""The window: Qt lives only here. Nothing at import time may reach torch (the window is painted before it is loaded)."""
