"""What a document may take if nothing else is said, and how often a folder is looked at: what the parser tells."""

# Readers of pages tell each page, so this need not grow with the file: a scanned page takes seconds.
SECONDS = 120
# Recognising characters asks for 2 GB of addresses, an office program for as much.
MEGABYTES = 4096
# How often a folder that is followed is looked at.
LOOK_SECONDS = 5.0
