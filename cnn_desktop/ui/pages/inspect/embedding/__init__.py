"""The tab with the map of the dataset: pictures as the model sees them, near where it finds them alike."""
