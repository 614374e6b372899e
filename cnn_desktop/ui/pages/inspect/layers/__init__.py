"""The Layers tab of the Inspect page: feature maps, filters, and how a number came to be."""
