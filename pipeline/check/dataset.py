"""Check a whole output folder."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline.check.documents import check_against_raw, check_document, grouped
from pipeline.check.faults import Fault
from pipeline.check.shapes import wrong_shape
from pipeline.check.tables import Row, Table, check_tables, read_tables
from pipeline.find import File, find_files
from pipeline.read import ReadError, open_source
from pipeline.write import DESCRIPTOR, descriptor, schema


def check_dataset(folder: Path, raw: Sequence[Path] = ()) -> list[Fault]:
    """Give every breach of the contract in `folder`, in a fixed order; empty if it is kept.

    With `raw`, the folders or files that were read, quotes are also looked up in the sources. Raises
    FileNotFoundError where `folder` or one of `raw` is not there.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is not there, or is no folder.")
    faults: list[Fault] = []
    tables = read_tables(folder, faults)
    faults += check_tables(tables)
    faults += _descriptor(folder, tables)
    by_document = grouped(tables)
    documents = tables["documents"].rows
    for document in documents:
        faults += check_document(folder, document, by_document.get(document["document_id"], {}))
    faults += _nested(folder, documents)
    faults += _strays(folder, documents)
    if raw:
        faults += _raw(raw, documents, by_document)
    return faults


def _load(folder: Path, file: str) -> tuple[Any, list[Fault]]:
    try:
        return json.loads((folder / file).read_bytes().decode("utf-8")), []
    except FileNotFoundError:
        return None, [Fault(file, None, "the file is missing")]
    except ValueError as error:
        return None, [Fault(file, None, f"is no JSON in UTF-8: {error}")]


def _descriptor(folder: Path, tables: Mapping[str, Table]) -> Iterator[Fault]:
    """The descriptor describes these very files: fields, keys, links, sizes and digests."""
    found, faults = _load(folder, DESCRIPTOR)
    yield from faults
    if faults:
        return
    expected = {resource["name"]: resource for resource in descriptor({})["resources"]}
    resources = found.get("resources", []) if isinstance(found, dict) else []
    for name in tables:
        resource = next((item for item in resources if item.get("name") == name), None)
        path = folder / f"{name}.csv"
        if resource is None:
            yield Fault(DESCRIPTOR, None, f"does not describe {name}.csv")
            continue
        if resource.get("schema") != expected[name]["schema"]:
            yield Fault(DESCRIPTOR, None, f"the fields of {name} are not those of this version of the program")
        if path.exists():
            data = path.read_bytes()
            if (resource.get("bytes"), resource.get("hash")) != (len(data), f"sha256:{sha256(data).hexdigest()}"):
                message = f"was changed after it was written: size or digest are not those of {DESCRIPTOR}"
                yield Fault(f"{name}.csv", None, message)


def _nested(folder: Path, documents: Sequence[Row]) -> Iterator[Fault]:
    """Each document has its JSON file, valid under the schema beside it, which is that of this version."""
    shape, faults = _load(folder, "schema.json")
    yield from faults
    if faults:
        return
    if shape != schema():
        yield Fault("schema.json", None, "is not the schema of this version of the program; run it again")
        return
    for document in documents:
        file = f"json/{document['document_id']}.json"
        value, faults = _load(folder, file)
        yield from faults
        if faults:
            continue
        for message in wrong_shape(value, shape):
            yield Fault(file, None, message)
        if isinstance(value, dict) and value.get("document_id") != document["document_id"]:
            yield Fault(file, None, f"is about {value.get('document_id')}")


def _strays(folder: Path, documents: Sequence[Row]) -> Iterator[Fault]:
    names = {document["document_id"] for document in documents}
    for sub in ("json", "text"):
        for path in sorted((folder / sub).glob("*")):
            if path.stem not in names:
                yield Fault(f"{sub}/{path.name}", None, "belongs to no row of documents.csv")


def _raw(
    raw: Sequence[Path], documents: Sequence[Row], by_document: Mapping[str, Mapping[str, Sequence[Row]]]
) -> Iterator[Fault]:
    files = {found.source: found for found in find_files(raw) if isinstance(found, File)}
    for document in documents:
        file = files.get(document["source"])
        if file is None:
            yield Fault("documents.csv", document.line, f"source: {document['source']} is not among the raw files")
            continue
        data = file.path.read_bytes()
        if sha256(data).hexdigest() != document["sha256"]:
            yield Fault("documents.csv", document.line, f"sha256: {document['source']} was changed after it was read")
            continue
        try:
            source = open_source(data, document["source"])
        except ReadError as error:
            yield Fault("documents.csv", document.line, f"source: {document['source']} cannot be read: {error.message}")
            continue
        yield from check_against_raw(document, by_document.get(document["document_id"], {}), source.text)
