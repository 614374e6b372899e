"""What each lesson shows: a module a lesson, each with `make(context)`."""
