"""The JavaScript of the demos: many modules, one text, written as its tools ask."""

import collections
import json
import re

import nodes
import pytest
import torch
from torch import nn

import lenet_helpers as lh
from lenet_helpers import web
from lenet_helpers.network.kinds import KINDS
from lenet_helpers.network.models import Reshape
from lenet_helpers.web import bundle

WEB = nodes.ROOT / "lenet_helpers" / "web"
MODULES = {path.relative_to(WEB).as_posix(): path for path in WEB.rglob("*.js")}
ENTRIES = ["conv_explorer.js", "lenet_viewer.js"]
NAME = re.compile(r"^(?:export )?(?:const|let|function|class) (\w+)", re.MULTILINE)
IMPORT = re.compile(r'^import \{([^}]*)\} from "([^"]*)";', re.MULTILINE)


def text(path):
    return MODULES[path].read_text(encoding="utf-8")


def imports(path):
    """Return what a module imports: (path of the other module, names)."""
    folder = MODULES[path].parent
    return [
        (
            (folder / other).resolve().relative_to(WEB).as_posix(),
            set(names.replace(",", "").split()),
        )
        for names, other in IMPORT.findall(text(path))
    ]


def order(entry):
    return re.findall(r"^// ---- (.*\.js)$", bundle(entry), re.MULTILINE)


# ---------------------------------------------------------------- one text of many modules


@pytest.mark.parametrize("entry", ENTRIES)
def test_each_module_is_there_once_and_after_what_it_imports(entry):
    modules = order(entry)
    assert len(modules) == len(set(modules)) > 10
    assert modules[-1] == entry
    for at, module in enumerate(modules):
        assert {other for other, _ in imports(module)} <= set(modules[:at]), module
    assert not re.search(r"^(import|export)\b", bundle(entry), re.MULTILINE)
    lines = [line for module in modules for line in IMPORT.sub("", text(module)).splitlines()]
    kept = [line.removeprefix("export ") for line in lines]
    assert set(kept) - set(bundle(entry).splitlines()) == set()


def test_every_module_is_used():
    assert {module for entry in ENTRIES for module in order(entry)} == set(MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_what_is_imported_is_exported(module):
    for other, names in imports(module):
        exported = re.findall(r"^export \w+ (\w+)", text(other), re.MULTILINE)
        assert names <= set(exported), other


@pytest.fixture(scope="module", params=ENTRIES)
def scripts(request):
    """The text that the page of a demo runs, and the one that its widget runs."""
    images = torch.rand(2, 1, 28, 28)
    demo = {
        "conv_explorer.js": lh.conv_explorer,
        "lenet_viewer.js": lambda: lh.lenet_viewer(lh.sequential_lenet(), images, [0, 1]),
    }[request.param]()
    page = re.search(r'<script type="module">(.*)</script>', demo.page(), re.DOTALL)[1]
    widget = demo.widget()
    yield page, str(widget._esm)
    widget.close()


def test_no_two_names_are_alike(scripts):
    for script in scripts:
        names = collections.Counter(NAME.findall(script))
        assert {"Window", "make", "render"} <= set(names)
        assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize(
    ("modules", "error", "words"),
    [
        ({"a.js": 'import { b } from "./b.js";\n'}, FileNotFoundError, "b.js"),
        ({"a.js": 'import b from "./b.js";\n'}, ValueError, "a.js: 'import b from"),
        ({"a.js": 'import { b as c } from "./b.js";\n'}, ValueError, "a.js: 'import { b as c }"),
        ({"a.js": 'import { b } from "b";\n'}, ValueError, 'a.js: \'import { b } from "b"'),
        ({"a.js": "export default 1;\n"}, ValueError, "a.js: 'export default 1;'"),
        ({"a.js": "export let b = 1;\n"}, ValueError, "a.js: 'export let b"),
        ({"a.js": "export { b };\n"}, ValueError, "a.js: 'export { b };'"),
        (
            {
                "a.js": 'import { b } from "./f/b.js";\n',
                "f/b.js": 'import { c } from "./c.js";\n',
                "f/c.js": 'import { b } from "./b.js";\n',
            },
            ValueError,
            "f/b.js imports f/c.js imports f/b.js: ",
        ),
    ],
)
def test_what_cannot_be_joined_is_named(monkeypatch, tmp_path, modules, error, words):
    for path, source in modules.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(source, encoding="utf-8")
    monkeypatch.setattr(web.resources, "files", lambda package: tmp_path)
    with pytest.raises(error, match=re.escape(words)):
        bundle("a.js")


# ---------------------------------------------------------------- how it is written


def test_a_kind_of_layer_is_named_in_one_place():
    """Whoever adds a kind has one place to look at."""
    table = re.search(r"^const KINDS = \{\n(.*?)^\};", text("viewer/kinds.js"), re.S | re.M)[1]
    kinds = re.findall(r"^  (\w+):", table, re.MULTILINE)
    unchanged = (nn.Flatten, nn.Unflatten, Reshape, nn.Identity)
    packed = {kind.__name__ for kind in KINDS if "Dropout" not in kind.__name__}
    packed -= {kind.__name__ for kind in unchanged}
    assert packed == set(kinds)  # Python packs these, and no others
    assert {"Conv2d", "AvgPool2d", "Linear", "ReLU"} <= set(kinds)
    named = re.compile(rf"\b({'|'.join(kinds)})\b")
    found = {module: named.findall(text(module)) for module in MODULES}
    assert {module for module, names in found.items() if names} == {"viewer/kinds.js"}


def test_page_and_widget_parse(scripts):
    for script in scripts:
        command = [nodes.node(), "--input-type=module", "--check", "-"]
        assert nodes.run(command, input=script) == (0, "")


@pytest.mark.parametrize("script", ["lint", "format"])
def test_the_tools_find_nothing(script):
    scripts = json.loads((nodes.ROOT / "package.json").read_text(encoding="utf-8"))["scripts"]
    name, *arguments = scripts[script].replace("--write", "--check").split()
    status, told = nodes.run([*nodes.program(name), *arguments])
    assert status == 0, told
