"""The house: rooms with one direction of imports, a front door that loads nothing, short pieces."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import lenet_helpers as lh

PACKAGE = Path(lh.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
# What a room may import: the rooms of a lower floor. docs/architecture.md draws it.
FLOORS = {
    "prose": 0,
    "checks": 0,
    "storage": 0,
    "loading": 0,
    "web": 0,
    "devices": 1,
    "show": 2,
    "data": 3,
    "sizes": 3,
    "asking": 4,
    "network": 4,
    "training": 5,
    "__init__": 6,
}


def room_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path):
    """The rooms of this package that a module imports, also inside functions."""
    here = path.relative_to(PACKAGE).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or node.level == 0:
            continue
        base = here[: len(here) - node.level]
        target = (*base, *(node.module or "").split("."))
        named = [name for name in target if name] or [alias.name for alias in node.names]
        yield named[0]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_lead_downwards(path):
    room = room_of(path)
    for other in imported_rooms(path):
        assert other == room or FLOORS[other] < FLOORS[room], f"{room} imports {other}"


def test_every_room_has_a_floor():
    rooms = {room_of(path) for path in MODULES} | {path.name for path in PACKAGE.iterdir()}
    there = {
        room for room in rooms if (PACKAGE / room).is_dir() or (PACKAGE / f"{room}.py").is_file()
    }
    assert there - {"__pycache__"} == set(FLOORS)


def defined(kind):
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, kind):
                yield path, node


def test_no_module_has_the_name_of_a_function():
    modules = {path.stem for path in MODULES} | {path.parent.name for path in MODULES}
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in MODULES]
    functions = {
        node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)
    }
    assert modules & functions == set()


def test_functions_and_classes_are_of_a_size_to_read():
    for path, node in defined((ast.FunctionDef, ast.ClassDef)):
        lines = node.end_lineno - node.lineno + 1
        documented = ast.get_docstring(node) or ""
        code = lines - len(documented.splitlines())
        limit = 60 if isinstance(node, ast.FunctionDef) else 190
        assert code <= limit, f"{path.name}: {node.name} has {code} lines"


def test_no_class_keeps_more_than_it_can_explain():
    for path, node in defined(ast.ClassDef):
        kept = {
            part.attr
            for part in ast.walk(node)
            if isinstance(part, ast.Attribute)
            and isinstance(part.ctx, ast.Store)
            and isinstance(part.value, ast.Name)
            and part.value.id == "self"
        }
        assert len(kept) <= 11, f"{path.name}: {node.name} has {sorted(kept)}"


def run(code):
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=PACKAGE.parent,
    )
    assert done.stderr == ""
    return done.stdout


def test_the_import_alone_loads_nothing_and_says_nothing():
    heavy = ("torch", "matplotlib", "ipywidgets", "IPython", "numpy")
    ask = f"print([m for m in {heavy} if m in sys.modules])"
    assert run(f"import sys, lenet_helpers; {ask}") == "[]\n"
    some = "lh.conv_output_size(28, 5); lh.sequential_lenet(); lh.Accumulator(2)"
    loaded = run(f"import sys, lenet_helpers as lh; {some}; {ask}")
    assert "matplotlib" not in loaded
    assert "ipywidgets" not in loaded


def test_the_front_door_says_the_same_to_editors_and_to_python():
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    told = {}
    for node in block.body:
        for alias in node.names:
            assert alias.asname == alias.name  # so that a type checker takes it for public
            told[alias.name] = node.module
    assert told == lh._HOME


def test_what_is_public_is_what_is_listed():
    assert dir(lh) == lh.__all__
    assert len(lh.__all__) <= 50
    with pytest.raises(AttributeError, match="has no attribute 'fit'"):
        lh.fit  # noqa: B018
