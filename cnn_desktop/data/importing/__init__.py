"""From whatever a person brings (a folder, a table, an archive, a published file) to a dataset's layout."""
