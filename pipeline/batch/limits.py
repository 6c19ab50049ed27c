"""What a document may take if nothing else is said, and how often a folder is looked at: what the parser tells."""

# Readers of pages tell each page, so this need not grow with the file: a scanned page takes seconds.
SECONDS = 120
# A text of so many characters has that time for each of its stages; a longer one has it for each part of this length.
# Dense text takes fifteen seconds on a busy machine; a few absurd shapes of tables take all of it.
CHARACTERS = 1_000_000
# Recognising characters asks for 2 GB of addresses, an office program for as much.
MEGABYTES = 4096
# How often a folder that is followed is looked at.
LOOK_SECONDS = 5.0
