"""Finds every string that is to be translated, by reading the code, not by running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).parents[1]
# Calls whose first argument of two is the context.
_WITH_CONTEXT = frozenset({"text", "mark", "translate"})


class Source(NamedTuple):
    """One string, where it stands, and its context."""

    context: str
    text: str
    file: str
    line: int


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


class _Finder(ast.NodeVisitor):
    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Source] = []
        self._classes: list[str] = []
        self._helpers: dict[str, str] = {}

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._classes.append(node.name)
        self.generic_visit(node)
        self._classes.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        # A helper of one file: def _tr(source): return i18n.text("flight", source)
        for call in (n for n in ast.walk(node) if isinstance(n, ast.Call)):
            if _name(call) == "text" and len(call.args) == 2 and _literal(call.args[0]) and not _literal(call.args[1]):
                parameters = [a.arg for a in node.args.args]
                if isinstance(call.args[1], ast.Name) and call.args[1].id in parameters[:1]:
                    self._helpers[node.name] = str(_literal(call.args[0]))
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        name, arguments = _name(node), node.args
        if name == "tr" and arguments and (words := _literal(arguments[0])):
            self._add(self._classes[-1] if self._classes else "", words, node)
        elif name in _WITH_CONTEXT and len(arguments) >= 2:
            context, words = _literal(arguments[0]), _literal(arguments[1])
            if context and words:
                self._add(context, words, node)
        elif name in self._helpers and arguments and (words := _literal(arguments[0])):
            self._add(self._helpers[name], words, node)
        elif name == "ViewSpec" and len(arguments) >= 2 and (words := _literal(arguments[1])):
            self._add("views", words, node)
        self.generic_visit(node)

    def _add(self, context: str, words: str, node: ast.AST) -> None:
        self.found.append(Source(context, words, self.file, getattr(node, "lineno", 0)))


def find(folder: Path = PACKAGE) -> Iterator[Source]:
    """All strings of the console. Raises ``SyntaxError`` for a file that is not Python."""
    for path in sorted(folder.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        finder = _Finder(path.relative_to(folder).as_posix())
        # Twice: a helper may stand below its first use.
        finder.visit(tree)
        finder.found.clear()
        finder.visit(tree)
        yield from finder.found
