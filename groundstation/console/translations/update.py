"""``python -m groundstation.console.translations.update``: bring the ``.ts`` files up to date with the code.

New strings are added as unfinished, strings that are gone are taken out, what is translated stays. ``--check`` changes
nothing and fails when something would. ``--missing LANGUAGE`` lists what is not translated yet.
"""

from __future__ import annotations

import argparse
import json
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from groundstation.console.i18n import FOLDER, LANGUAGES, read_ts
from groundstation.console.translations.sources import find


def render(language: str, known: dict[tuple[str, str], str]) -> tuple[str, int]:
    """The text of a ``.ts`` file for the strings of the code, and how many are not translated."""
    root = ElementTree.Element("TS", version="2.1", language=language, sourcelanguage="en")
    by_context: dict[str, dict[str, list[str]]] = {}
    for source in find():
        by_context.setdefault(source.context, {}).setdefault(source.text, []).append(source.file)
    elsewhere = {words: translated for (_, words), translated in known.items()}
    missing = 0
    for context in sorted(by_context):
        element = ElementTree.SubElement(root, "context")
        ElementTree.SubElement(element, "name").text = context
        for words, files in sorted(by_context[context].items()):
            message = ElementTree.SubElement(element, "message")
            # Without line numbers: a file would differ at every commit.
            for file in sorted(set(files)):
                ElementTree.SubElement(message, "location", filename=f"../{file}")
            ElementTree.SubElement(message, "source").text = words
            translated = words if language == "en" else known.get((context, words)) or elsewhere.get(words)
            translation = ElementTree.SubElement(message, "translation")
            if translated:
                translation.text = translated
            else:
                translation.set("type", "unfinished")
                missing += 1
    ElementTree.indent(root, " ")
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{text}\n', missing


def main(arguments: list[str] | None = None) -> int:
    """0 when all is well; with ``--check`` 1 when a file is not up to date."""
    parser = argparse.ArgumentParser(description="Bring the translations up to date with the code.")
    parser.add_argument("--check", action="store_true", help="change nothing, fail when something would change")
    parser.add_argument("--missing", metavar="LANGUAGE", help="list what is not translated, as JSON")
    parser.add_argument("--take", type=Path, metavar="FILE", help="JSON: source -> {language: translation}, taken in")
    options = parser.parse_args(arguments)
    taken: dict[str, dict[str, str]] = json.loads(options.take.read_text(encoding="utf-8")) if options.take else {}
    stale = []
    for language in LANGUAGES:
        path = FOLDER / f"{language}.ts"
        known = read_ts(path) if path.exists() else {}
        if options.missing == language:
            wanted = sorted({s.text for s in find()} - {words for _, words in known})
            json.dump(wanted, sys.stdout, ensure_ascii=False, indent=0)
            print()
            return 0
        known |= {("", words): each[language] for words, each in taken.items() if each.get(language)}
        text, missing = render(language, known)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(language)
            if not options.check:
                part = path.with_suffix(".part")
                part.write_text(text, encoding="utf-8")
                part.replace(path)
        print(f"{language}: {missing} not translated", file=sys.stderr)
    return 1 if options.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
