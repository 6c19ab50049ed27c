"""Places that are reached by an address (s3://bucket/raw): their files listed and read, an output published there.

Nothing here is imported, and fsspec neither, before an address is given.
"""
