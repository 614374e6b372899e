"""All pretrained networks in a dialog: looked for, compared, downloaded, removed."""
