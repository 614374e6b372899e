"""Looking inside a model: filters, feature maps, and pictures of both."""
