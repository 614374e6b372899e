"""The tab that shows what a unit wants: a picture made to excite it."""
