"""List the files of a web server: a page of links is a folder, what it links to below itself are its entries."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote_to_bytes, urldefrag, urljoin, urlsplit, urlunsplit

from pipeline.read.litter import is_litter
from pipeline.remote.address import last_name
from pipeline.remote.files import NotListed, RemoteFile
from pipeline.remote.place import Place, mark_of

# Each file is asked for its mark before it is read; one after the other would take its time.
ASKED_AT_ONCE = 8
# A server that makes its pages up may link ever deeper.
MOST_FOLDERS_DEEP = 40


def walk_web(place: Place) -> Iterator[RemoteFile | NotListed]:
    """Give the files below a page of links, or the one file that an address names.

    An address that ends in / is a page of links; so is one that the server sends on to such an address. Raises
    FileNotFoundError where nothing is there.
    """
    address = _without_query(place.address)
    if not address.endswith("/"):
        facts = place.facts(place.address)
        address = _without_query(str(facts.get("url", place.address)))
        if not address.endswith("/"):
            yield RemoteFile(last_name(place.address), place.address, place.address, facts.get("size"), mark_of(facts))
            return
    waiting = [address]
    while waiting:
        folder = waiting.pop()
        try:
            links = _links(place.read(folder), folder)
        except OSError as error:
            if folder == address:
                raise
            yield NotListed(_source(address, folder).rstrip("/"), error)
            continue
        folders = [link for link in links if link.endswith("/")]
        waiting += [link for link in folders if link[len(address) :].count("/") <= MOST_FOLDERS_DEEP]
        files = [link for link in links if not link.endswith("/")]
        with ThreadPoolExecutor(ASKED_AT_ONCE) as pool:
            yield from pool.map(lambda link: _file(place, address, link), files)


def _file(place: Place, root: str, link: str) -> RemoteFile:
    """Give a file with what the server tells of it; where it tells nothing, reading shows what is wrong."""
    source = _source(root, link)
    try:
        facts = place.facts(link)
    except OSError:
        return RemoteFile(source, place.address, link)
    size = facts.get("size")
    return RemoteFile(source, place.address, link, size if isinstance(size, int) else None, mark_of(facts))


def _links(page: bytes, folder: str) -> list[str]:
    """Give what a page links to directly below its folder, each once, in order; sorting and parent links are left."""
    from lxml import html

    if not page.strip():
        return []
    found: set[str] = set()
    for anchor in html.fromstring(page, parser=html.HTMLParser(encoding="utf-8")).iterfind(".//a[@href]"):
        try:
            link = _without_query(urljoin(folder, str(anchor.get("href")).strip()))
        except ValueError:
            continue
        name = link[len(folder) :] if link.startswith(folder) else ""
        readable = _readable(name.rstrip("/"))
        if readable and "/" not in readable and readable not in (".", "..") and not is_litter(readable):
            found.add(link)
    return sorted(found)


def _without_query(address: str) -> str:
    """Give an address without ? and #: pages of links sort themselves by ?C=M;O=A."""
    return urlunsplit(urlsplit(urldefrag(address).url)._replace(query=""))


def _source(root: str, link: str) -> str:
    return _readable(link[len(root) :])


def _readable(name: str) -> str:
    """Give a name as its owner wrote it: %E8%AE%A1 → 计; bytes that are no UTF-8 become \\xff."""
    return unquote_to_bytes(name).decode("utf-8", "backslashreplace")
