"""Makes the documents of the parity corpus in every format; see `python -m tools.parity --help`."""
