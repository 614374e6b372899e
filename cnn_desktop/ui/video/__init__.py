"""Pictures that follow each other: webcams, video files, and the view that shows them."""
