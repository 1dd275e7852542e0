"""XML from strangers: parsed without entities, document types, external files or the network, and bounded in depth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped,unused-ignore]

from geofences.errors import PlanError
from missions.files.numbers import clip

Element = Any  # lxml has no types


def parse_xml(raw: bytes, name: str) -> Element:
    """The root element. Raises :class:`PlanError` with the line of what is wrong."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, recover=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        raise PlanError(f"{name}: line {line}: is not XML: {clip(str(error.msg), 120)}", "export it again") from error
    except (etree.LxmlError, ValueError, LookupError) as error:
        raise PlanError(f"{name}: line 1: is not XML: {clip(str(error), 120)}", "export it again") from error
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        # Entities can make a gigabyte of a line, or read a file of this machine.
        raise PlanError(f"{name}: line 1: has a document type, which no map needs", "take out the DOCTYPE")
    return root


def tag_of(element: Element) -> str:
    """The name of an element without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """The children of some names, whatever their namespace; all elements without names."""
    for child in element:
        tag = tag_of(child)
        if tag and (not names or tag in names):
            yield child


def child_text(element: Element, *names: str) -> str:
    """The text of the first child of one of some names, stripped; empty without."""
    for child in children(element, *names):
        return text_of(child)
    return ""


def text_of(element: Element) -> str:
    """The text of an element, stripped."""
    return "".join(element.itertext()).strip()


def place_of(name: str, element: Element) -> str:
    """File, line and name of an element, for messages."""
    return f"{name}: line {element.sourceline or 1}: <{tag_of(element)}>"


def root_name(raw: bytes) -> str | None:
    """The name of the root element of what begins like XML; None for what does not, empty where it cannot be told."""
    start = raw[:200].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    if not start.startswith(b"<"):
        return None
    parser = etree.XMLPullParser(events=("start",), resolve_entities=False, no_network=True, load_dtd=False)
    try:
        parser.feed(raw[:20_000])
        for _, element in parser.read_events():
            return tag_of(element)
    except (etree.LxmlError, ValueError, LookupError):
        pass
    return ""
