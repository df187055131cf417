"""The viewer in a real browser: its tour, what covering tells, a map enlarged, less motion."""

import json
import re

import nbformat
import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from browsers import redraw_while_drawing
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from test_demos_in_browser import Page, in_colour, module_page
from torch import nn

import lenet_helpers as lh
from lenet_helpers.asking.exercises.inside import occlude
from lenet_helpers.show.pictures import SIGNED
from tools.files import ROOT
from tools.slides import deck

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")

TAGS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
MARK = {"light": [213, 94, 0], "dark": [255, 154, 77]}  # --mark in style.js


def garments():
    batches, _ = lh.load_data_fashion_mnist(20, source="drawn stand-in", device="cpu")
    return next(iter(batches))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    torch.manual_seed(0)
    X, y = garments()
    net = lh.sequential_lenet(activation=nn.ReLU)
    dense = nn.Sequential(nn.Flatten(), nn.Linear(784, 30), nn.ReLU(), nn.Linear(30, 10))
    pages = {
        "viewer": lh.lenet_viewer(net, X, y),
        "compare": lh.lenet_viewer({"textbook": net, "class": lh.LeNet()}, X, y),
        "dense": lh.lenet_viewer(dense, X, y),
        "colour": in_colour(),
    }
    made = tmp_path_factory.mktemp("viewers")
    for name, demo in pages.items():
        demo.save(made / f"{name}.html")
    return made


@pytest.fixture(scope="module")
def module(browser):
    return module_page(browser, "lenet_viewer.js", "Occlusion State unpack")


def violations(page, inside=None):
    found = Axe().run(page, context=inside, options=TAGS).response["violations"]
    return [(v["id"], [node["html"][:90] for node in v["nodes"]]) for v in found]


# ---------------------------------------------------------------- what covering tells


def notebooks_heat(net, picture, coat, shirt):
    """Return what notebook 6 computes, with its own lines."""
    notebook = nbformat.read(ROOT / "notebooks" / "06-looking-inside.ipynb", as_version=4)
    sources = {cell.id: cell.source for cell in notebook.cells}
    names = {"torch": torch, "occlude": occlude, "net": net, "picture": picture}
    names |= {"coat": coat, "shirt": shirt}
    for cell, begin, end in (("cell-25", "with torch", None), ("cell-26", "covered =", "print(")):
        source = sources[cell]
        lines = source[source.index(begin) : source.index(end) if end else None]
        exec(lines, names)  # the notebook's own
    return names["heat"]


def test_covering_tells_what_notebook_6_does(module):
    torch.manual_seed(3)
    X, y = garments()
    net = lh.sequential_lenet(activation=nn.ReLU)
    for weight in net.parameters():
        if weight.ndim > 1:
            nn.init.xavier_uniform_(weight)  # untrained, it would hardly look at the picture
    demo = lh.lenet_viewer(net, X, y)
    found = module.evaluate(
        """([data, i, of, less]) => {
            const state = new m.State({get: (name) => data[name]});
            const net = state.nets[0], picture = state.pictures[i];
            const asked = new m.Occlusion(net, picture, state.shape, (p) => state.normalised(p));
            asked.work(Infinity);
            return Array.from(asked.heat((logits) => logits[of] - logits[less])); }""",
        [demo.data, 4, 6, 2],
    )
    heat = notebooks_heat(net, X[4, 0], 6, 2)
    assert heat.abs().max() > 1e-2  # far more than what may differ
    torch.testing.assert_close(torch.tensor(found), heat.flatten(), rtol=0, atol=1e-5)


def cover(demo):
    demo.page.get_by_role("button", name="Which pixels matter").click()
    covered(demo)


def covered(demo):
    demo.wait("document.querySelector('.matters p').textContent.includes('score of')")


HEAT = """() => [...document.querySelector('.heat').getContext('2d')
    .getImageData(0, 0, 28, 28).data]"""


def test_the_switch_colours_the_picture(browser, folder):
    demo = Page(browser, folder, "viewer")
    page = demo.page
    cover(demo)
    words = page.inner_text(".matters p").replace("−", "-")
    most = float(re.search(r"Orange: .*? at most ([\d.]+) \(row (\d+), column (\d+)\)", words)[1])
    row, column = map(int, re.search(r"Orange.*?row (\d+), column (\d+)", words).groups())
    pixels = page.evaluate(HEAT)
    red, green, blue, _ = pixels[4 * (28 * row + column) :][:4]
    assert red > green > blue  # orange: it speaks for the class
    low, zero, high = page.locator(".matters .legend").inner_text().replace("−", "-").split()
    assert float(zero) == 0
    assert float(low) == -float(high)
    side = page.locator(".pad").bounding_box()["width"] / 28
    page.locator(".pad").hover(position={"x": (column + 0.5) * side, "y": (row + 0.5) * side})
    told = page.inner_text(".hovered")
    assert told.startswith(f"Pixel, row {row}, column {column}: ")
    assert float(told.split()[-1].replace("−", "-")) == pytest.approx(most, abs=1e-4)
    page.get_by_label("minus").select_option(label="bag")
    assert "minus bag" in page.inner_text(".matters p")
    assert page.evaluate(HEAT) != pixels
    page.get_by_role("button", name="Picture 3: ").click()
    demo.wait("!document.querySelector('.matters progress').hidden")
    assert set(page.evaluate(HEAT)) == {0}  # nothing old over another picture
    covered(demo)
    page.get_by_role("button", name="Which pixels matter").click()
    assert set(page.evaluate(HEAT)) == {0}
    assert page.locator(".matters").is_hidden()
    demo.close()


def test_the_page_lives_while_the_network_is_asked(browser, folder):
    demo = Page(browser, folder, "viewer")
    page = demo.page
    page.evaluate("""() => { window.frames_ = 0;
        const count = () => { frames_ += 1; requestAnimationFrame(count); }; count(); }""")
    page.get_by_role("button", name="Which pixels matter").click()
    demo.wait("document.querySelector('.matters progress').value > 0")
    before = page.evaluate("frames_")
    covered(demo)
    assert page.evaluate("frames_") - before >= 20  # the work is in many pieces
    page.get_by_role("button", name="Clear").click()
    assert redraw_while_drawing(page) < 16  # milliseconds, with the switch on too
    demo.close()


# ---------------------------------------------------------------- the tour


def do_tasks(demo):
    """Do the task of each step, and yield its title and whether it was noticed."""
    page = demo.page
    done = page.locator(".tour .done")

    def choose_layer(at):
        page.get_by_label("layer", exact=True).focus()
        page.get_by_label("layer", exact=True).select_option(at)

    def another_answer():
        best = page.inner_text(".bars .best >> nth=0")
        for thumb in page.locator(".picks button").all()[1:]:
            thumb.press("Enter")
            page.wait_for_timeout(60)
            if page.inner_text(".bars .best >> nth=0") != best:
                return
        page.locator(".pad").focus()
        for _ in range(14):
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Space")

    tasks = {
        "The picture": lambda: page.get_by_role("button", name="Picture 2: ").press("Enter"),
        "The answer": another_answer,
        "A kernel": lambda: page.get_by_role("button", name="Play").press("Enter"),
        "A map": lambda: (page.locator(".layer canvas >> visible=true").first.focus(),
                          page.keyboard.press("PageDown")),
        "A receptive field": lambda: choose_layer("4"),
        "Pooling": lambda: choose_layer("3"),
        "A unit": lambda: choose_layer("1"),
        "The sum of a score": lambda: page.locator("summary").press("Enter"),
        "What matters": lambda: page.get_by_role("button", name="Which pixels").press("Enter"),
        "Your own picture": lambda: (page.get_by_role("button", name="Clear").press("Enter"),
                                     page.locator(".pad").press("Space")),
    }  # fmt: skip
    while True:
        heading = page.inner_text(".tour h3")
        at, of, title = re.match(r"(\d+) of (\d+): (.*)", heading).groups()
        assert done.inner_text() == ""
        tasks[title]()
        demo.wait("document.querySelector('.tour .done').textContent.startsWith('✓ Done.')")
        yield title
        if at == of:
            return
        page.keyboard.press("Escape")  # from wherever the task led, back into the tour
        assert page.evaluate("document.activeElement.className") == "next"
        page.keyboard.press("ArrowRight")


LENET = [
    "The picture", "The answer", "A kernel", "A map", "A receptive field", "Pooling",
    "What matters", "Your own picture",
]  # fmt: skip
DENSE = [
    "The picture", "The answer", "A unit", "The sum of a score", "What matters", "Your own picture",
]  # fmt: skip


@pytest.mark.parametrize("width", [1280, 600])
@pytest.mark.parametrize(("name", "titles"), [("viewer", LENET), ("compare", LENET),
                                              ("dense", DENSE)])  # fmt: skip
def test_the_tour_by_keyboard_notices_what_is_done(browser, folder, name, titles, width):
    demo = Page(browser, folder, name, width)
    assert demo.page.locator(".tour").is_hidden()
    demo.page.get_by_role("button", name="Tour").press("Enter")
    assert list(do_tasks(demo)) == titles
    demo.page.keyboard.press("Escape")
    demo.page.keyboard.press("Enter")  # on "End"
    assert demo.page.locator(".tour").is_hidden()
    assert demo.page.evaluate("document.activeElement.textContent") == "Tour"
    demo.close()


@pytest.mark.parametrize("width", [1280, 600])
@pytest.mark.parametrize("name", ["viewer", "dense", "colour"])
def test_each_step_is_in_sight_beside_what_it_tells_of(browser, folder, name, width):
    demo = Page(browser, folder, name, width)
    page = demo.page
    page.set_viewport_size({"width": width, "height": 720})
    page.get_by_role("button", name="Tour").click()
    words = ""
    for _ in range(int(page.inner_text(".tour h3").split()[2].rstrip(":"))):
        step = page.inner_text(".tour")
        words += step
        assert page.evaluate(IN_SIGHT) == [], step
        assert page.get_by_role("dialog").get_attribute("aria-label").startswith("Tour, ")
        assert violations(page, ".tour") == []  # the page itself is the same at every step
        page.keyboard.press("ArrowRight")
    assert violations(page) == []
    assert page.locator(".marked").count() > 0
    defined = [word for word in ("kernel", "map", "receptive field") if f"{word} " in words]
    assert defined == ([] if name == "dense" else ["kernel", "map", "receptive field"])
    page.keyboard.press("ArrowLeft")
    assert page.inner_text(".tour h3").split()[0] != "1"
    page.keyboard.press("Escape")
    assert page.locator(".marked").count() == 0
    assert page.evaluate("document.querySelector('.lv').style.minHeight") == ""
    demo.close()


IN_SIGHT = """() => {
    const faults = [];
    const inside = (box) => box.top >= -4 && box.left >= -4 && box.bottom <= innerHeight + 4
        && box.right <= innerWidth + 4;
    const tour = document.querySelector('.tour').getBoundingClientRect();
    if (!inside(tour)) faults.push('the tour is out of sight');
    const seen = [...document.querySelectorAll('.marked')].map((e) => e.getBoundingClientRect());
    const isSeen = (box) => box.bottom > 20 && box.top < innerHeight - 20;
    if (!seen.some(isSeen)) faults.push('nothing that is marked is in sight');
    if (document.documentElement.scrollWidth > innerWidth) faults.push('too wide');
    return faults; }"""


@pytest.mark.parametrize("width", [1280, 836, 600])
def test_what_a_step_changes_is_in_sight(browser, folder, width):
    demo = Page(browser, folder, "viewer", width)
    page, tour = demo.page, demo.page.locator(".tour")
    page.set_viewport_size({"width": width, "height": 720})
    page.get_by_role("button", name="Tour").click()

    def go_to(title):
        while not tour.locator("h3").inner_text().endswith(title):
            tour.locator(".next").click()

    def seen(place):
        box = page.locator(place).bounding_box()
        return box["y"] >= -1 and box["y"] + box["height"] <= 721

    def apart(one, other):
        a, b = page.locator(one).bounding_box(), page.locator(other).bounding_box()
        return any(
            first[side] + first[length] <= second[side]
            for first, second in ((a, b), (b, a))
            for side, length in (("x", "width"), ("y", "height"))
        )

    go_to("A kernel")
    before = tour.bounding_box()["height"]
    page.get_by_role("button", name="Play").click()
    demo.wait("document.querySelector('.tour .done').textContent !== ''")
    assert tour.bounding_box()["height"] == before  # else its buttons leave the page
    for place in (".play", ".field", ".tour", ".layer:has(.chosen) canvas"):
        assert seen(place), place
    assert apart(".tour", ".field")
    # The first of six maps fills in: it is not covered.
    tip, maps = tour.bounding_box(), page.locator(".layer:has(.chosen) canvas").bounding_box()
    assert tip["x"] > maps["x"] + maps["width"] / 6 or tip["y"] + tip["height"] < maps["y"]
    go_to("What matters")
    assert seen(".tools button:last-child")
    assert seen(".field")
    cover(demo)
    assert apart(".tour", ".field")
    assert apart(".tour", ".matters .legend")
    demo.close()


def test_kernels_are_told_apart_by_a_line(browser, folder):
    demo = Page(browser, folder, "viewer", 1280)
    lines = demo.page.evaluate("""() => {
        const canvas = document.querySelector('.kernels canvas');
        const row = canvas.getContext('2d').getImageData(0, 20, canvas.width, 1).data;
        const grey = (x) => row[4 * x + 3] === 255 && [1, 2].every((c) => row[4 * x + c] === 140);
        return [...Array(canvas.width).keys()].filter(grey); }""")
    side = demo.page.evaluate("document.querySelector('.kernels canvas').width + 3") / 6
    assert lines == [round(n * side) - 2 for n in range(1, 6)]
    demo.close()


CROWDED = """() => [...document.querySelectorAll('label')].flatMap((label) => {
    const before = label.previousElementSibling?.getBoundingClientRect();
    const own = label.getBoundingClientRect();
    const isBeside = before?.width && own.width
        && before.bottom > own.top && before.top < own.bottom;
    return isBeside && own.left - before.right < 5 ? [label.textContent] : []; })"""


@pytest.mark.parametrize("width", [1280, 600])
@pytest.mark.parametrize("name", ["viewer", "compare"])
def test_no_label_touches_what_is_before_it(browser, folder, name, width):
    demo = Page(browser, folder, name, width)
    assert demo.page.evaluate(CROWDED) == []
    demo.close()


def in_slides(browser, tmp_path, shown):
    """Return a page with the second of three slides, which holds the demo ``shown``."""
    output = new_output("display_data", data={"text/html": shown._repr_html_()})
    slide = {"slideshow": {"slide_type": "slide"}}
    cells = [
        new_markdown_cell("# One", metadata=slide),
        new_code_cell("shown", outputs=[output], metadata={"slideshow": {"slide_type": "slide",
                                                                         "input": "skip"}}),
        new_markdown_cell("# Three", metadata=slide),
    ]  # fmt: skip
    path = tmp_path / "deck.html"
    path.write_text(deck(new_notebook(cells=cells), {}), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(f"{path.as_uri()}#/1")
    page.wait_for_function(
        "() => Number(Reveal.getCurrentSlide().querySelector('iframe')?.dataset.scale) > 0"
    )
    return page


def test_a_slide_shows_every_layer_with_its_scale(browser, tmp_path):
    page = in_slides(browser, tmp_path, lh.lenet_viewer(lh.sequential_lenet(), *garments()))
    below = (
        page.frame_locator("section.present iframe")
        .locator(".lv")
        .evaluate("""(root) =>
        [...root.querySelectorAll('.layer:not([hidden]) :is(canvas, .legend)')]
            .map((e) => e.getBoundingClientRect().bottom - innerHeight)""")
    )
    assert len(below) == 14
    assert max(below) <= 0
    page.close()


def test_the_tour_in_slides_has_its_keys_for_itself(browser, tmp_path):
    page = in_slides(browser, tmp_path, lh.lenet_viewer(lh.sequential_lenet(), *garments()))
    frame = page.frame_locator("section.present iframe")
    where = page.evaluate("Reveal.getIndices()")
    frame.get_by_role("button", name="Tour").click()
    for step in range(2, 9):
        page.keyboard.press("ArrowRight")
        assert frame.locator(".tour h3").inner_text().startswith(f"{step} of 8: ")
        assert page.evaluate("Reveal.getIndices()") == where
        scrolled = page.evaluate("""() =>
            [...document.querySelectorAll('.reveal, .slides, section')]
                .some((e) => e.scrollTop || e.scrollLeft) || scrollY > 0""")
        assert not scrolled, step
    page.keyboard.press("Escape")
    assert frame.locator(".tour").is_hidden()
    assert page.evaluate("document.activeElement.tagName") == "IFRAME"
    page.keyboard.press("Escape")  # now it is the deck's
    page.keyboard.press("ArrowRight")
    assert page.evaluate("Reveal.getIndices()") != where
    page.close()


# ---------------------------------------------------------------- words and rooms of the layers

# The names that are wider than the room that they have in the head of a column.
CUT = """() => [...document.querySelectorAll('.head select, .head h4')].flatMap((head) => {
    const style = getComputedStyle(head), pen = document.createElement('canvas').getContext('2d');
    pen.font = style.font;
    pen.letterSpacing = style.letterSpacing;
    const around = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
    const inside = head.clientWidth - around;
    const names = [...head.options ?? [head]].map((each) => each.textContent);
    return names.filter((name) => pen.measureText(name).width > inside + 1); })"""


@pytest.mark.parametrize(("name", "width"), [("viewer", 1000), ("colour", 1280)])
def test_no_name_of_a_layer_is_cut(browser, folder, name, width):
    demo = Page(browser, folder, name, width)
    assert demo.page.locator(".lv.flow .head select").count() > 1
    assert demo.page.evaluate(CUT) == []
    demo.close()


def test_a_layer_has_the_same_room_however_it_was_chosen(browser, folder):
    demo = Page(browser, folder, "viewer", 1280)
    page, below = demo.page, demo.page.get_by_label("layer", exact=True)
    width = "document.querySelectorAll('.layer canvas')[2].width"  # of the first activation
    page.locator(".head select").first.select_option("2")
    chosen_above = page.evaluate(width)
    below.select_option("0")  # one map in place of six
    below.select_option("2")
    assert page.evaluate(width) == chosen_above > 200
    demo.close()


@pytest.mark.parametrize("width", [600, 1280])
def test_long_names_of_classes_stay_in_the_page(browser, tmp_path, width):
    names = ["a very long name of a class", "Donaudampfschifffahrtsgesellschaft", *"cdefghij"]
    shown = lh.lenet_viewer(lh.sequential_lenet(), *garments(), classes=names)
    shown.save(tmp_path / "long.html")
    demo = Page(browser, tmp_path, "long", width)
    assert demo.page.evaluate("document.documentElement.scrollWidth") <= width
    demo.close()


def test_a_decision_opens_with_the_answer(browser, folder):
    demo = Page(browser, folder, "viewer")
    best = demo.page.locator(".bars .best").first.inner_text()
    assert best != "t-shirt"  # the first in the list
    demo.page.get_by_text("What matters to the decision").click()
    demo.wait("document.querySelector('.decision rect')")
    assert demo.page.locator(".decision").get_attribute("aria-label").startswith(f"{best}: ")
    demo.close()


# ---------------------------------------------------------------- a map enlarged


def test_a_map_is_enlarged_by_a_click(browser, folder):
    demo = Page(browser, folder, "viewer")
    page, panel = demo.page, demo.page.locator(".enlarged")
    assert panel.is_hidden()
    opener = page.get_by_role("button", name="16×10×10 ⤢")
    opener.click()
    assert "4 Conv2d: map 0 of 16" in panel.inner_text()
    canvas = panel.locator("canvas")
    side = canvas.bounding_box()["width"] / 10
    assert side > 30
    canvas.hover(position={"x": 2.5 * side, "y": 7.5 * side})
    hovered = panel.locator("p").inner_text()
    assert hovered.startswith("map 0, row 7, column 2: ")
    canvas.click(position={"x": 2.5 * side, "y": 7.5 * side})
    assert page.inner_text(".total").endswith(f"= {hovered.split(': ')[1]}")
    page.keyboard.press("ArrowRight")  # the focus is in the panel
    assert "map 0, row 7, column 3" in page.inner_text(".total")
    page.get_by_role("button", name="Previous map").click()
    assert "map 15 of 16" in panel.inner_text()
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert panel.is_hidden()
    assert opener.evaluate("e => e === document.activeElement")
    demo.close()


def test_a_second_click_and_enter_enlarge_too(browser, folder):
    demo = Page(browser, folder, "viewer", width=600)
    page, panel = demo.page, demo.page.locator(".enlarged")
    maps = page.locator(".stage").first.locator("canvas >> visible=true")
    maps.click(position={"x": 20, "y": 20})
    assert panel.is_hidden()
    maps.click(position={"x": 20, "y": 20})
    assert "1 Conv2d: map 0 of 6" in panel.inner_text()
    page.keyboard.press("Escape")
    assert maps.evaluate("e => e === document.activeElement")
    page.keyboard.press("Enter")
    assert panel.is_visible()
    page.get_by_label("layer", exact=True).select_option("12")  # single values: no map
    assert panel.is_hidden()
    assert page.get_by_role("button", name="⤢").count() == 4
    demo.close()


def test_the_enlarged_map_has_the_colours_of_its_layer(browser, folder):
    demo = Page(browser, folder, "viewer")
    page = demo.page
    page.get_by_role("button", name="6×28×28 ⤢").click()
    small = page.locator(".stage").first.locator(".legend >> visible=true")
    assert page.inner_text(".enlarged .legend").split() == small.inner_text().split()
    page.get_by_label("Each map its own").check()
    own = page.locator(".enlarged .legend").inner_text().split()
    assert "most" not in own  # of one map the ends can be said
    demo.close()


# ---------------------------------------------------------------- what plays is in sight


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
@pytest.mark.parametrize(("width", "height"), [(600, 720), (390, 844), (900, 720), (1280, 720)])
@pytest.mark.parametrize("name", ["viewer", "compare"])
def test_what_moves_and_what_stops_it_are_on_one_screen(browser, folder, name, width, height,
                                                         motion):  # fmt: skip
    demo = Page(browser, folder, name, width)
    page = demo.page
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(reduced_motion=motion)
    outside = """(rows) => [...document.querySelectorAll('.play, .pad, .layer:has(.chosen) canvas')]
        .map((e) => [e.className, e.getBoundingClientRect(), e.closest('.maps')])
        .filter(([, {top, height}, maps]) => {
            const end = top + height / (maps ? rows : 1);
            const inner = maps?.getBoundingClientRect() ?? {top: 0, bottom: innerHeight};
            return top < Math.max(0, inner.top) || end > Math.min(innerHeight, inner.bottom); })
        .map(([name]) => name)"""
    for layer in ("1", "3", "4"):  # convolution, pooling, convolution
        page.get_by_label("layer", exact=True).select_option(layer)
        page.evaluate("scrollTo(0, 1e6)")
        page.locator(".play").dispatch_event("click")
        demo.wait("document.querySelector('.total').textContent.includes('row 0')")
        # The first map fills in; of two networks' 16 maps in narrow columns, the first row of four.
        rows = 4 if (name, width, layer) == ("compare", 600, "4") else 1
        assert page.evaluate(outside, rows) == [], layer
        page.locator(".play").dispatch_event("click")
        page.get_by_label("layer", exact=True).select_option("0")
    demo.close()


@pytest.mark.parametrize("width", [600, 1280])
def test_nothing_beside_the_play_button_moves_when_its_words_change(browser, folder, width):
    demo = Page(browser, folder, "viewer", width)
    beside = "() => document.querySelector('.above label').getBoundingClientRect().toJSON()"
    before = demo.page.evaluate(beside)
    demo.page.get_by_role("button", name="Play").click()
    assert "Stop" in demo.page.inner_text(".play")
    assert demo.page.evaluate(beside) == before
    demo.close()


# ---------------------------------------------------------------- less motion, light and dark


def test_with_less_motion_a_press_fills_in_a_row(browser, folder):
    demo = Page(browser, folder, "viewer")
    page = demo.page
    page.emulate_media(reduced_motion="reduce")
    page.get_by_label("layer", exact=True).select_option("3")
    page.get_by_role("button", name="Play").click()
    assert "row 0, column 13" in page.inner_text(".total")
    page.wait_for_timeout(400)
    assert "row 0, column 13" in page.inner_text(".total")  # nothing moves by itself
    for row in range(1, 14):
        page.get_by_role("button", name="Next row").click()
        assert f"row {row}, column 13" in page.inner_text(".total")
    page.get_by_role("button", name="Next row").click()
    assert page.get_by_role("button", name="Play").is_visible()
    demo.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_first_frame_has_the_colour_of_its_theme(browser, folder, theme):
    demo = Page(browser, folder, "viewer", theme=theme)
    pixels = """() => { const pad = document.querySelector('.pad');
        const {data} = pad.getContext('2d').getImageData(0, 0, pad.width, pad.height);
        return [...Array(data.length / 4).keys()].map((i) => [...data.slice(4 * i, 4 * i + 3)])
            .filter(([r, g, b]) => r !== g || g !== b); }"""
    assert {json.dumps(pixel) for pixel in demo.page.evaluate(pixels)} == {json.dumps(MARK[theme])}
    demo.close()


def test_nothing_moves_but_what_is_played():
    """No transition, no animation, no smooth scrolling: then none has to be taken away."""
    for path in (ROOT / "lenet_helpers" / "web").rglob("viewer/**/*.js"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"transition|@keyframes|animation:|smooth", text.replace(
            "imageSmoothingEnabled", "")), path  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 600])
def test_axe_finds_no_violation_in_what_opens(browser, folder, theme, width):
    demo = Page(browser, folder, "compare", width, theme)
    cover(demo)
    demo.page.get_by_role("button", name="⤢").first.click()
    assert violations(demo.page) == []
    demo.close()


# ---------------------------------------------------------------- the picture without JavaScript


@pytest.mark.parametrize("width", [320, 600, 1280])
@pytest.mark.parametrize("which", ["explorer", "viewer"])
def test_the_poster_fits_any_page_and_keeps_its_proportions(browser, which, width):
    made = {
        "explorer": lh.conv_explorer,
        "viewer": lambda: lh.lenet_viewer(lh.LeNet(), *garments()),
    }
    html = made[which]()._repr_html_()
    page = browser.new_context(java_script_enabled=False).new_page()
    page.set_viewport_size({"width": width, "height": 720})
    page.set_content(f"<!doctype html><body>{html}</body>")  # no style sheet limits it here
    poster = page.locator("img")
    meant = int(poster.get_attribute("width"))
    assert meant > 700
    box = poster.bounding_box()
    assert box["width"] == min(meant, width - 16)  # the usual margin of a page
    across, down = poster.evaluate("e => [e.naturalWidth, e.naturalHeight]")
    assert across == 2 * meant  # sharp where two pixels of a screen are one of the page
    assert box["height"] / box["width"] == pytest.approx(down / across, rel=0.005)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


def test_the_poster_has_the_colours_of_the_page():
    torch.manual_seed(0)
    shown = lh.lenet_viewer(lh.sequential_lenet(), torch.rand(2, 1, 28, 28), [0, 1])
    maps = [axes.images[0] for axes in shown.poster.figure.axes if axes.images][1:]
    assert len(maps) == 6
    for image in maps:
        assert image.get_cmap() is SIGNED
        assert image.norm.vmin == -image.norm.vmax < 0
    assert len({image.norm.vmax for image in maps}) == 1
