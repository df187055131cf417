"""The JavaScript of the demos: modules of one idea each, joined here to one text.

What a notebook shows must not load anything, so its page cannot import: :func:`bundle` does before.
The modules stay plain ones, which a browser, Node and ESLint take as they are. They may write

    import { one, another } from "./folder/module.js";
    export const, export function, export class

with the names as they are, at the start of a line. All names at the top of the modules of one
bundle share one scope, so no two may be alike.
"""

from __future__ import annotations

import posixpath
import re
from importlib import resources
from importlib.resources.abc import Traversable

NAMES = r"\{\s*\w+(?:,\s*\w+)*,?\s*\}"
IMPORT = re.compile(rf'^import {NAMES} from "(\.\.?/[\w./]+\.js)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:const|function|class) )", re.MULTILINE)
OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def bundle(entry: str, folder: Traversable | None = None) -> str:
    """Return the module ``entry`` and all that it imports, as one module.

    Each module is there once, after those that it imports; no import or export is left.

    Args:
        entry: The path of the module in the folder, for example ``"conv_explorer.js"``.
        folder: Where the modules are; None: in this package.

    Raises:
        FileNotFoundError: ``entry``, or a module that is imported, is not there.
        ValueError: a module writes an import or an export in another way than above, or imports
            itself by way of others; the message names it.
    """
    texts: dict[str, str] = {}
    _collect(resources.files(__name__) if folder is None else folder, entry, (), texts)
    return "\n".join(f"// ---- {path}\n{text}" for path, text in texts.items())


def _collect(
    folder: Traversable, path: str, importers: tuple[str, ...], texts: dict[str, str]
) -> None:
    """Add the module at ``path`` of ``folder`` to ``texts``, and before it what it imports."""
    if path in importers:
        circle = " imports ".join((*importers[importers.index(path) :], path))
        raise ValueError(f"{circle}: no order puts each after what it imports. Break the circle.")
    if path in texts:
        return
    source = folder.joinpath(path).read_text(encoding="utf-8")
    for imported in IMPORT.findall(source):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), imported))
        _collect(folder, target, (*importers, path), texts)
    text = EXPORT.sub("", IMPORT.sub("", source))
    if other := OTHER.search(text):
        raise ValueError(
            f"{path}: {other[0]!r} cannot be joined to one text. Write imports and exports as the "
            f"documentation of {__name__} says."
        )
    texts[path] = text
