"""The slides in a real browser, offline: nothing overflows, all is legible, the demos live."""

import base64
import copy
import re
from html import unescape
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe

import lenet_helpers as lh
from lenet_helpers.asking import questions
from lenet_helpers.asking.disclosure import folded
from lenet_helpers.asking.misconceptions import MISCONCEPTIONS
from lenet_helpers.show.encoding import image_tag
from tools import notebooks, series
from tools import slides as maker

ROOT = Path(__file__).resolve().parent.parent
NAMES = [path.stem for path in series.notebooks()]
# The smallest letters, in pixels of a screen of 1280 by 720; below a slide, and of a demo that is
# longer than a slide, they may be smaller.
LEAST = PROSE, CODE, DEMO, BELOW, LONG_DEMO = 24, 18, 15, 20, 13

# What is wrong with the slide that is shown, in words.
FAULTS = """([PROSE, CODE, DEMO, BELOW, LONG_DEMO]) => {
    const slide = Reveal.getCurrentSlide(), faults = [], large = Reveal.getScale();
    const boxOf = (e) => {  // in pixels of a slide of 1280 by 720
        const {left, top, right, bottom} = e.getBoundingClientRect();
        const [l, t, r, b] = [left, top, right, bottom].map((side) => side / large);
        return {left: l, top: t, right: r, bottom: b, height: b - t};
    };
    const isBelow = (e) => getComputedStyle(e).position === "absolute";
    const touch = (a, b) =>
        a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    const name = (e) => `<${e.localName} ${e.className}>`;
    const shown = (e) => !e.closest("aside.notes") && e.checkVisibility(); // a fold is closed
    const has_words = (e) => e.localName !== "style"
        && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    for (const e of [...slide.querySelectorAll("*")].filter(shown)) {
        const r = boxOf(e), own = getComputedStyle(e), below = e.closest(".where, .more");
        const lowest = below && isBelow(below) ? 720 : 682;
        if (r.left < 0 || r.top < 0 || r.right > 1281 || r.bottom > lowest)
            faults.push(`${name(e)} leaves the slide: right ${r.right}, bottom ${r.bottom}`);
        const wide = e.scrollWidth > e.clientWidth + 1, high = e.scrollHeight > e.clientHeight + 1;
        const clipped = high && own.overflowY !== "visible";
        if (e.clientWidth && !e.closest("math") && (wide || clipped))
            faults.push(`${name(e)} has more in it than it shows`);
        const least = e.closest("pre, .table, table:has(tr:nth-child(11))") ? CODE
            : lowest === 720 ? BELOW : PROSE;
        if (has_words(e) && parseFloat(own.fontSize) < least)
            faults.push(`${name(e)} has letters of ${own.fontSize}`);
        if (e.localName === "img" && !(e.complete && e.naturalWidth && e.alt && r.height > 320))
            faults.push(`${name(e)} is missing, small or without words`);
    }
    const prose = parseFloat(slide.style.getPropertyValue("--prose"));
    for (const e of slide.querySelectorAll(".given:not(.beside) > .picture")) {
        const could = Math.min(430, e.clientWidth * e.naturalHeight / e.naturalWidth);
        if (e.clientHeight < could && prose > 30)
            faults.push(`a picture has ${e.clientHeight} pixels, and words letters of ${prose}`);
    }
    const row = [...[...slide.children].filter((e) => shown(e) && isBelow(e)),
                 document.querySelector(".slide-number")].map(boxOf);
    if (row.some((box, i) => row.slice(i + 1).some((other) => touch(box, other))))
        faults.push("words below the slide lie over each other");
    const parts = [...slide.children].filter((e) => shown(e) && !isBelow(e)).map(boxOf);
    if (parts.some((r, i) => i && r.top < parts[i - 1].bottom - 1))
        faults.push("parts lie over each other");
    if (slide.querySelector(".picture, .demo") && parts.at(-1).bottom < 660)
        faults.push("a picture could be larger");
    for (const frame of slide.querySelectorAll("iframe")) {
        const page = frame.contentDocument, demo = page.getElementById("demo");
        const style = page.defaultView.getComputedStyle, scale = parseFloat(frame.dataset.scale);
        if (!demo.childElementCount) faults.push("a demo did not start");
        if (frame.previousElementSibling.getClientRects().length) faults.push("a poster is left");
        if (page.documentElement.scrollWidth > page.documentElement.clientWidth)
            faults.push("a demo is too wide");
        const more = slide.querySelector(".more"), room = frame.clientHeight + 1;
        const isLong = demo.offsetHeight > room;
        if (isLong === more.hidden) faults.push("it is not told whether a demo goes on below");
        for (const e of [...demo.querySelectorAll("*")].filter(has_words))
            if (scale * parseFloat(style(e).fontSize) < (isLong ? LONG_DEMO : DEMO))
                faults.push(`${name(e)} of a demo has small letters`);
        const first = demo.querySelectorAll(".picture > *, .nets, .nets *, .scene *, .controls *");
        for (const e of first) {
            const r = e.getBoundingClientRect();
            if (r.height && (r.right > frame.clientWidth + 1 || r.bottom > room))
                faults.push(`${name(e)} of a demo is cut`);
            const over = [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight];
            if (style(e).overflowX !== "visible" && Math.max(...over) > 1)
                faults.push(`${name(e)} of a demo has ${over} pixels more than it shows`);
        }
        if (boxOf(frame).bottom > 682) faults.push("a demo is cut by its slide");
    }
    if (slide.innerText.includes("$")) faults.push("a formula was not rendered");
    return faults;
}"""
# Where the first element of a demo that fits ``what`` lies on the screen.
BOX = """([what, at]) => {
    const frame = Reveal.getCurrentSlide().querySelector("iframe");
    const outer = frame.getBoundingClientRect(), scale = parseFloat(frame.dataset.scale);
    const inner = frame.contentDocument.querySelectorAll(what)[at].getBoundingClientRect();
    return [outer.left + scale * inner.left, outer.top + scale * inner.top, scale * inner.width];
}"""


@pytest.fixture(scope="module")
def decks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("the decks")
    assert maker.main(["--out", str(folder)]) == 0
    assert sorted(path.stem for path in folder.iterdir()) == NAMES
    return folder


class Deck:
    """A deck in a browser without a network, and what the page asked for or complained about."""

    def __init__(self, browser, path, height=720):
        size = {"width": height * 16 // 9, "height": height}
        self.context = browser.new_context(viewport=size, offline=True)
        self.faults, self.requests = [], []
        self.context.on("weberror", lambda error: self.faults.append(str(error.error)))
        self.context.on(
            "console", lambda m: self.faults.append(m.text) if m.type == "error" else None
        )
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.page = self.context.new_page()
        self.page.goto(path.as_uri())
        self.wait("window.Reveal?.isReady()")

    def wait(self, condition, page=None):
        # Playwright's own wait uses eval(), which the page's security policy rightly forbids.
        for _ in range(400):
            if (page or self.page).evaluate(condition):
                return
            (page or self.page).wait_for_timeout(25)
        raise AssertionError(f"not within 10 s: {condition}")

    def settle(self):
        """Wait until demos have a size, pictures are there, and nothing moves."""
        self.wait(
            "[...Reveal.getCurrentSlide().querySelectorAll('iframe')]"
            ".every((frame) => parseFloat(frame.dataset.scale) > 0)"
        )
        self.wait(
            "document.fonts.status === 'loaded'"
            " && [...Reveal.getCurrentSlide().querySelectorAll('img')].every((e) => e.complete)"
            " && document.getAnimations().every((move) => move.playState !== 'running')"
        )

    def look(self):
        """Return the faults of the slide that is shown, with its number."""
        self.settle()
        number = self.page.evaluate("Reveal.getSlidePastCount() + 1")
        return [f"slide {number}: {f}" for f in self.page.evaluate(FAULTS, LEAST)]

    def step_through(self):
        """Return the faults of every slide, seen with each of its fragments."""
        found, steps = self.look(), 1
        while self.page.evaluate("!Reveal.isLastSlide() || Reveal.availableFragments().next"):
            self.page.keyboard.press("Space")
            found += self.look()
            steps += 1
        return found, steps

    def go_to(self, what):
        """Show the first slide that has an element ``what``."""
        self.page.evaluate(
            "(what) => { const slide = document.querySelector(what).closest('section');"
            " const at = Reveal.getIndices(slide); Reveal.slide(at.h, at.v); }",
            what,
        )

    def close(self):
        self.context.close()
        assert self.faults == []
        outside = [url for url in self.requests if not url.startswith(("file:", "data:", "about:"))]
        assert outside == []


@pytest.mark.parametrize("height", [720, 1080])
@pytest.mark.parametrize("name", NAMES)
def test_every_slide_fits_and_is_legible_offline(browser, decks, name, height):
    deck = Deck(browser, decks / f"{name}.html", height)
    found, steps = deck.step_through()
    slides = deck.page.evaluate("Reveal.getTotalSlides()")
    assert found == []
    assert slides > 12
    assert (steps > slides) == (deck.page.locator(".fragment").count() > 0)
    title = deck.page.locator("h1").text_content()
    assert deck.page.title() == title
    deck.close()


LONG = "A sentence that goes on and on, and says the same once more. " * 40
CELLS = {
    "prose that is too long": nbformat.v4.new_markdown_cell(LONG),
    "code that is too long": nbformat.v4.new_code_cell("\n".join(f"x{i} = {i}" for i in range(40))),
    "code that is too wide": nbformat.v4.new_code_cell(f"text = '{'wide ' * 40}'"),
    "a table that is too wide": nbformat.v4.new_markdown_cell(
        "\n".join(["| " + " | ".join(["parameters"] * 14) + " |", "| --- " * 14 + "|"])
    ),
    "a formula that is too wide": nbformat.v4.new_markdown_cell(f"$${' + '.join(['n'] * 90)}$$"),
    "small letters": nbformat.v4.new_markdown_cell('<span style="font-size:14px">small</span>'),
    "a picture without words": nbformat.v4.new_markdown_cell(
        '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=" height="400">'
    ),
    "a formula that is not one": nbformat.v4.new_markdown_cell("It costs 3$."),
}


def made_of(tmp_path, *cells):
    """Return the file of a deck with a title and ``cells`` on one slide."""
    cells = [nbformat.v4.new_markdown_cell("# A title"), *cells]
    for cell in cells:
        cell.metadata.setdefault("slideshow", {"slide_type": "-"})
    cells[0].metadata["slideshow"] = {"slide_type": "slide"}
    path = tmp_path / "deck.html"
    path.write_text(maker.deck(nbformat.v4.new_notebook(cells=cells), {}), encoding="utf-8")
    return path


@pytest.mark.parametrize("fault", CELLS)
def test_each_fault_of_a_slide_is_seen(browser, tmp_path, fault):
    deck = Deck(browser, made_of(tmp_path, CELLS[fault]))
    assert deck.look() != []
    deck.close()


def test_a_request_that_leaves_is_forbidden_and_seen(browser, tmp_path):
    picture = nbformat.v4.new_markdown_cell('<img src="https://example.org/a.png">')
    deck = Deck(browser, made_of(tmp_path, picture))
    deck.look()
    with pytest.raises(AssertionError):
        deck.close()
    assert any("Content Security Policy" in fault for fault in deck.faults)


def test_the_page_names_nothing_to_load(decks):
    for name in NAMES:
        text = (decks / f"{name}.html").read_text(encoding="utf-8")
        shown = text.split("<body>")[1].split("</main>")[0]
        assert re.findall(r'\b(?:src|data|poster)="(?!data:)[^"]+"|<link\b', shown) == []
        assert re.findall(r"url\((?!data:)[^)]*\)|@import", text.split("<body>")[0]) == []
        assert len(text) < 3_000_000


PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAZAAAAGQAQAAAACoxthmAAAAMklEQVR42u3MMQEAAAgDoGn/zhrAfyE"
    "wSTJJkiRJkiRJkiRJkiRJkiRJkiRJkiRJkqR8Bz3qAyFM4YxqAAAAAElFTkSuQmCC"
)


class Shown:
    """A picture that an answer shows, as lh.Picture has it."""

    alt = "A grey square."

    def as_html(self):
        return image_tag(base64.b64decode(PNG), self.alt)


def cell_of(source, kind, fold=None, **settings):
    """Return a code cell that folds an answer away, as lh.Predictions does."""
    shown = [nbformat.v4.new_output("display_data", {"text/html": fold})] if fold else []
    cell = nbformat.v4.new_code_cell(source, outputs=shown)
    cell.metadata["slideshow"] = {"slide_type": kind, **settings}
    return cell


def asked_and_told(question, told=(), **settings):
    """Return the cells of a question and of its answer, all on one slide."""
    summary = f"Answer (make a prediction first): {question}"
    fold = folded(summary, ["28.", "The frame adds 2."], told, opened=False)
    reveal = settings.pop("kind", "-")
    return [
        cell_of(f'guess.predict("{question}", ...)', "-"),
        cell_of(f'guess.reveal("{question}", 28)', reveal, fold, input="skip"),
    ]


def test_a_folded_answer_comes_open_with_the_next_step(browser, tmp_path):
    told = ["One sentence.", "a  1\nb  2", lh.layer_table(lh.LeNet(), (1, 1, 28, 28))]
    deck = Deck(browser, made_of(tmp_path, *asked_and_told("width <b>", told[:2])))
    page = deck.page
    question, answer = page.locator(".predict"), page.locator(".given b")
    assert deck.look() == []
    assert question.inner_text() == "Your prediction: width <b>?"
    assert answer.evaluate("e => getComputedStyle(e).visibility") == "hidden"
    page.keyboard.press("ArrowRight")
    assert deck.look() == []
    assert answer.evaluate("e => getComputedStyle(e).visibility") == "visible"
    assert answer.inner_text() == "width <b>: 28."
    assert page.locator("details").count() == 0
    assert page.locator(".given pre").inner_text() == told[1]
    deck.close()
    shown = maker.outputs(asked_and_told("q", [Shown(), told[2]])[1])
    picture = '<img class="picture" alt="A grey square." width="200" src="data:image/png;base64,'
    assert picture in shown
    assert '<div class="table"><table>' in shown
    assert maker.has_tall_picture(maker.outputs(asked_and_told("q", [Shown()])[1]))


def test_a_vote_without_words_beside_it_says_the_question_in_full():
    known = questions.of_notebook(1)
    words = known["width with padding"].words
    cells = [
        nbformat.v4.new_markdown_cell("Here it is in words."),
        cell_of('guess.predict("width with padding", answer)', "-"),
        cell_of('guess.predict("width with padding", answer)', "subslide"),
    ]
    beside, alone = [html for _, _, html in maker.pieces(cells, known) if "predict" in html]
    assert words not in beside
    assert "width with padding?" in beside
    assert words in unescape(alone)


def steps_of(notebook, known):
    """Return what each step of the slides adds, as (text, keys asked, keys told)."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        told = re.findall(r'guess\.reveal\(\s*"([^"]+)"', cell.source)
        if cell.cell_type == "code" and told:  # as it will be recorded
            folds = [folded(f"Answer: {key}", ["told."], opened=False) for key in told]
            cell.outputs = [
                nbformat.v4.new_output("display_data", {"text/html": fold}) for fold in folds
            ]
    steps = [[]]
    for kind, _, content in maker.pieces(notebook.cells, known):
        if kind in ("slide", "subslide", "fragment"):
            steps.append([])
        if kind != "notes":
            steps[-1].append(content)
    for step in steps:
        page = "\n".join(step)
        asked = re.findall(r"(?:prediction:</b> |<br>)(.*?)\?(?=<)", page)
        yield unescape(re.sub(r"<[^>]+>", "", page)), asked, re.findall(r'question="(.*?)"', page)


def early_answers(notebook, known):
    """Return the answers that a slide shows before, or together with, their questions."""
    found, asked, before = [], set(), ""
    for text, now_asked, told in steps_of(notebook, known):
        found += [f"{key} is told and was not asked" for key in told if key not in asked]
        before += text
        now_asked = [*now_asked, *(key for key, asks in known.items() if asks.words in text)]
        asked |= set(now_asked)
        for key in now_asked:
            question = known.get(key)
            if question is not None and distinctive(question.answer):
                without_words = before.replace(question.words, "")
                if re.search(rf"(?<![\d.,]){written(question.answer)}(?![\d])", without_words):
                    found.append(f"{key} is on a slide before it is asked")
    return found


def distinctive(answer):
    """Return whether an answer is unlike what stands on a slide for other reasons."""
    return isinstance(answer, tuple) or (isinstance(answer, int | float) and answer >= 100)


def written(answer):
    if isinstance(answer, tuple):
        return r"\(?" + r", ?".join(map(str, answer)) + r"\)?"
    return f"{answer:,}".replace(",", ",?")


@pytest.mark.parametrize("name", NAMES)
def test_no_slide_shows_an_answer_before_its_question(name):
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    assert early_answers(notebook, questions.of_notebook(series.number(name))) == []


def unanswered(notebook):
    """Return the votes whose answer no later slide has."""
    asked, told = [], set()
    for _, now_asked, now_told in steps_of(notebook, {}):  # by their keys alone
        asked += now_asked
        told |= set(now_told)
    return [key for key in asked if key not in told]


@pytest.mark.parametrize("name", NAMES)
def test_every_vote_is_answered_on_a_slide(name):
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    assert unanswered(notebook) == []
    for cell in notebook.cells:
        if "guess.reveal(" in cell.source:
            cell.metadata["slideshow"] = {"slide_type": "skip"}
    assert len(unanswered(notebook)) > 1


def test_an_answer_that_comes_too_early_is_seen():
    path = ROOT / "notebooks" / "04-fashion-mnist.ipynb"
    notebook, known = nbformat.read(path, as_version=4), questions.of_notebook(4)
    early = copy.deepcopy(notebook)
    (cell,) = [cell for cell in early.cells if cell.source.startswith("## 4.1")]
    cell.source += " They make 235 batches."
    assert early_answers(early, known) == ["batches of 256 is on a slide before it is asked"]
    early = copy.deepcopy(notebook)
    (place,) = [i for i, c in enumerate(early.cells) if 'reveal("batches of 256"' in c.source]
    early.cells.insert(0, early.cells.pop(place))
    assert "batches of 256 is told and was not asked" in early_answers(early, known)


LATE = """<div><img alt="A demo." src="data:image/png;base64,PNG"></div>
<iframe title="late" style="width:100%;height:0;border:0;display:block" srcdoc="<body
 style='margin:0'><main id='demo'></main><script>
 const grow = (px) => { demo.innerHTML = `<p style='margin:0;height:${px}px;width:100%'>late</p>`;
   frameElement.style.height = `${px}px`;
   frameElement.previousElementSibling.style.display = 'none'; };
 setTimeout(() => grow(300), 700); setTimeout(() => grow(900), 1400); </script>"></iframe>"""


def test_a_demo_that_appears_late_is_measured_until_it_fits(browser, tmp_path):
    shown = nbformat.v4.new_output("display_data", {"text/html": LATE.replace("PNG", PNG)})
    deck = Deck(browser, made_of(tmp_path, nbformat.v4.new_code_cell("", outputs=[shown])))
    room = deck.page.locator(".demo").bounding_box()
    deck.wait(
        "(() => { const f = document.querySelector('iframe'); const scale = +f.dataset.scale;"
        " const high = f.contentDocument.getElementById('demo').offsetHeight;"
        " return high === 900 && scale > 0 && scale < 2; })()"
    )
    deck.page.wait_for_timeout(300)
    scale = float(deck.page.locator("iframe").get_attribute("data-scale"))
    fits = room["height"] / 904
    assert scale == pytest.approx(max(fits, 1.25), abs=0.01)  # at least legible: else it scrolls
    deck.close()


def test_the_notes_open_offline_with_what_the_teacher_says(browser, decks):
    deck = Deck(browser, decks / "07-when-training-goes-wrong.html")
    deck.go_to(".picture")
    with deck.context.expect_page() as opened:
        deck.page.keyboard.press("s")
    notes = opened.value
    deck.wait(
        "document.querySelector('.speaker-controls-notes .value')?.innerText.includes('plateau')",
        notes,
    )
    assert notes.locator(".speaker-controls-notes math").count() > 0
    notes.keyboard.press("ArrowRight")  # the window of the notes turns the slides too
    deck.wait("!Reveal.getCurrentSlide().querySelector('.picture')")
    deck.close()


def test_a_demo_takes_keys_and_pointer_and_the_slides_do_not(browser, decks):
    deck = Deck(browser, decks / "02-building-lenet.html")
    page = deck.page
    deck.go_to("iframe")
    assert deck.look() == []
    where = page.evaluate("Reveal.getIndices()")
    demo = page.frame_locator("section.present:not(.stack) iframe")
    left, top, side = page.evaluate(BOX, ["svg[tabindex] rect", 2])  # its second row
    page.mouse.click(left + side / 2, top + side / 2)
    assert demo.locator(".sum").inner_text().startswith("output row 1, column 0: ")
    demo.locator("svg[tabindex]").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    assert demo.locator(".sum").inner_text().startswith("output row 0, column 1: ")
    assert page.evaluate("Reveal.getIndices()") == where
    page.keyboard.press("Escape")  # back to the slides
    page.keyboard.press("ArrowUp")
    assert page.evaluate("Reveal.getIndices()") != where
    assert not page.evaluate("Reveal.isOverview()")
    deck.close()


def test_a_drawing_follows_the_pointer_in_the_slides(browser, decks):
    deck = Deck(browser, decks / "06-looking-inside.html")
    page = deck.page
    deck.go_to("iframe")
    assert deck.look() == []
    demo = page.frame_locator("section.present:not(.stack) iframe")
    demo.get_by_role("button", name="Clear").click()
    left, top, side = page.evaluate(BOX, [".pad", 0])
    page.mouse.move(left + 0.5 * side, top + 0.25 * side)
    page.mouse.down()
    page.mouse.move(left + 0.5 * side, top + 0.75 * side, steps=12)
    page.mouse.up()
    grey = """(pad, [x, y]) => pad.getContext("2d")
        .getImageData(x * pad.width, y * pad.height, 1, 1).data[0]"""
    places = ([0.5, 0.5], [0.5, 0.9], [0.2, 0.5])
    ink = [demo.locator(".pad").evaluate(grey, place) for place in places]
    assert ink[0] > 200
    assert ink[1:] == [0, 0]
    deck.close()


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_no_violation(browser, decks, name):
    """On slides of every kind: the title, and the first with each kind of content."""
    deck = Deck(browser, decks / f"{name}.html")
    tags = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    for what in ("h1", ".predict", "pre.code", ".picture", ".error", ".table", "math", "iframe"):
        if deck.page.locator(what).count():
            deck.go_to(what)
            while deck.page.evaluate("Reveal.nextFragment()"):
                pass
            deck.settle()
            found = Axe().run(deck.page, options=tags).response
            assert found["passes"]
            assert reasons(found["violations"]) == [], what
    deck.close()


def reasons(violations):
    """Return what axe found: the rule, the element, why, and which other elements are meant."""
    return [
        (violation["id"], node["html"][:90], check["message"], [e["html"][:90] for e in others])
        for violation in violations
        for node in violation["nodes"]
        for check in [*node["any"], *node["all"], *node["none"]]
        for others in [check["relatedNodes"]]
    ]


# The arrows of the slide that is shown: the least side, and the least gap between two of them.
ARROWS = """() => {
    const boxes = [...document.querySelectorAll(".controls button")]
        .map((e) => e.getBoundingClientRect());
    const gaps = boxes.slice(1).map((box, i) => box.left - boxes[i].right);
    return [Math.min(...boxes.flatMap((box) => [box.width, box.height])), Math.min(...gaps)];
}"""


def test_the_arrows_are_large_and_stay_where_they_are(browser, decks):
    """reveal.js lets an arrow jump over its neighbour until it is used, unless it is told not to.

    Which arrow, depends on the slides that were shown before: these are those of the test above.
    """
    deck = Deck(browser, decks / "05-training.html")
    for what in ("h1", ".predict", "pre.code", ".picture"):
        deck.go_to(what)
        deck.page.wait_for_timeout(50)
        assert deck.page.locator(".controls .highlight").count() == 0
        side, gap = deck.page.evaluate(ARROWS)
        assert side >= 32
        assert gap >= 8
    deck.close()


def test_formulas_and_links():
    words = maker.markdown(
        "$n·k$ and [the next notebook](02-building-lenet.ipynb), ![a badge](https://a/b)"
    )
    assert "<mo>&#x000B7;</mo>" in words
    assert 'href="02-building-lenet.html"' in words
    assert "<img" not in words
    assert "a badge" in words


# ---------------------------------------------------------------- what the speaker says


def slides_of(notebook, known=None):
    return [slide for stack in maker.arrange(notebook.cells, known or {}) for slide in stack]


def without_notes(notebook):
    """Return how each slide begins that says nothing to the speaker."""
    return [
        re.sub(r"<[^>]+>", "", slide.heading + " ".join(slide.parts)).strip()[:60]
        for slide in slides_of(notebook)
        if not slide.notes
    ]


def numbers(text):
    return set(re.findall(r"\d[\d.,]*\d|\d", text))


def known_numbers(notebook):
    """Return the numbers that stand in a notebook, in its saved outputs, or in its questions."""
    texts = [cell.source for cell in notebook.cells]
    for output in (output for cell in notebook.cells for output in cell.get("outputs", [])):
        data = output.get("data", {})
        texts += [str(output.get("text", "")), str(data.get("text/plain", ""))]
    number = int(notebook.cells[0].source.split(".")[0].lstrip("# "))
    for question in questions.of_notebook(number).values():
        texts += [question.words, question.why, *map(str, question.thoughts)]
    return numbers(" ".join(texts))


def made_up(notebook):
    """Return the numbers in the notes of ``notebook`` that stand nowhere else in it."""
    known = known_numbers(notebook)
    said = [words for cell in notebook.cells for words in maker.notes_of(cell)]
    return sorted(numbers(" ".join(said)) - known)


@pytest.mark.parametrize("name", NAMES)
def test_every_slide_has_notes_short_ones_and_no_number_of_their_own(name):
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    assert without_notes(notebook) == []
    assert made_up(notebook) == []
    for cell in notebook.cells:
        for words in maker.notes_of(cell):
            assert 2 <= len(re.findall(r"[.?!](?=\s|$)", words)) <= 5, words
            assert len(words.split()) <= 65, words


def test_a_slide_without_notes_and_a_number_made_up_are_seen():
    notebook = nbformat.read(ROOT / "notebooks" / "09-why-convolution.ipynb", as_version=4)
    (cell,) = [cell for cell in notebook.cells if cell.id == "as-many-look"]
    cell.metadata.slideshow["notes"] = cell.metadata.slideshow["notes"][:1]
    assert len(without_notes(notebook)) == 1
    cell.metadata.slideshow["notes"] = "All 4,321 of them."
    assert made_up(notebook) == ["4,321"]


def test_notes_stand_with_the_slide_that_they_are_for():
    shown = [nbformat.v4.new_output("stream", text="1\n")]
    cells = [
        nbformat.v4.new_markdown_cell("# A title"),
        nbformat.v4.new_code_cell("print(1)", outputs=shown),
        nbformat.v4.new_markdown_cell("more"),
    ]
    cells[0].metadata["slideshow"] = {"slide_type": "slide", "notes": "Say **hello**."}
    cells[1].metadata["slideshow"] = {
        "slide_type": "subslide", "output": "subslide", "notes": ["The code.", "Its output."],
    }  # fmt: skip
    cells[2].metadata["slideshow"] = {"slide_type": "fragment", "notes": "$n$ again."}
    title, code, given = slides_of(nbformat.v4.new_notebook(cells=cells))
    assert "<strong>hello</strong>" in title.notes[0]
    assert [("The code" in words, "Its output" in words) for words in code.notes] == [(True, False)]
    assert "Its output" in given.notes[0]
    assert "<math" in given.notes[1]
    assert all("hello" not in part for part in title.parts)
    assert '<aside class="notes">' in title.section()


def test_a_vote_brings_the_answer_the_wrong_ones_and_what_to_say():
    cells = [
        cell_of('guess.predict("width with padding", answer)', "slide", notes="Wait."),
    ]
    (slide,) = slides_of(nbformat.v4.new_notebook(cells=cells), questions.of_notebook(1))
    said = " ".join(slide.notes)
    assert "Wait." in slide.notes[0]
    assert "width with padding: 28." in said
    assert "24, 23: the padding is left out." in said
    assert MISCONCEPTIONS["padding forgotten"].hint in unescape(said)
    assert "28." not in "".join(slide.parts)


def test_a_vote_shows_its_picture_and_not_what_the_cell_printed():
    cell = cell_of('guess.predict("width", answer)\nlh.draw()', "slide")
    alt = {"image/png": {"alt": "A grey square."}}
    cell.outputs = [
        nbformat.v4.new_output("stream", text="width: no prediction yet.\n"),
        nbformat.v4.new_output("display_data", {"image/png": PNG}, metadata=alt),
    ]
    (slide,) = slides_of(nbformat.v4.new_notebook(cells=[cell]))
    assert "Your prediction" in slide.parts[0]
    assert '<img class="picture" alt="A grey square."' in slide.parts[1]
    assert "no prediction yet" not in "".join(slide.parts)


def test_apart_means_one_picture_or_table_a_slide():
    table, lines = lh.layer_table(lh.LeNet(), (1, 1, 28, 28)), "\n".join("abcdefghij")
    shown = nbformat.v4.new_output("stream", text="printed\n")
    told = [["One.", Shown(), "a  1\nb  2", Shown()], [], [table, "After it."], [lines]]
    folds = [folded(f"Answer: q{n}", [f"{n}."], t, opened=False) for n, t in enumerate(told)]
    outputs = [nbformat.v4.new_output("display_data", {"text/html": fold}) for fold in folds]
    cell = cell_of("x", "subslide", output="apart", input="skip")
    cell.outputs = [shown, *outputs]
    found = [
        [what for what in ("printed", "q0", "One", "<img", "a  1", "q1", "q2", "<table", "After",
                           "q3", "abcdefghij"[:1] + "\n") if what in page]
        for page in maker.pages(cell.outputs)
    ]  # fmt: skip
    assert found == [
        ["printed", "q0", "One", "<img", "a  1"],
        ["<img"],
        ["q1", "q2", "<table"],
        ["After"],
        ["q3", "a\n"],
    ]
    assert len(list(maker.pieces([cell], {}))) == 5


def test_an_unknown_notebook_names_those_there_are(tmp_path, capsys):
    assert maker.main(["99", "--out", str(tmp_path / "new")]) == 2
    assert "No notebook begins with 99" in capsys.readouterr().out
    assert not (tmp_path / "new").exists()


def test_one_notebook_alone(tmp_path):
    assert maker.main(["04", "--out", str(tmp_path / "new")]) == 0
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["04-fashion-mnist.html"]


def test_a_notebook_without_slides_is_named(tmp_path, monkeypatch, capsys):
    (tmp_path / "notebooks").mkdir()
    mine = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Mine")])
    nbformat.write(mine, tmp_path / "notebooks" / "01-mine.ipynb")
    monkeypatch.setattr(notebooks, "FOLDER", tmp_path / "notebooks")
    assert maker.main(["--out", str(tmp_path / "out")]) == 0
    assert "01-mine.ipynb has no slides" in capsys.readouterr().out
    assert not (tmp_path / "out").exists()


def test_a_cell_that_says_nothing_joins_the_slide_before_it():
    cells = [nbformat.v4.new_markdown_cell(words) for words in ("# A title", "one", "two", "said")]
    for cell, kind in zip(cells[1:], ("subslide", None, "notes"), strict=True):
        if kind:
            cell.metadata["slideshow"] = {"slide_type": kind}
    first, second = maker.arrange(cells, {})[0]
    assert (len(first.parts), first.heading) == (1, "")
    assert (len(second.parts), second.heading) == (2, "A title")
    assert "said" in second.notes[0]
    assert '<p class="where">A title</p>' in second.section()


def test_parts_of_a_code_cell():
    cell = nbformat.v4.new_code_cell(
        "print(1)", outputs=[nbformat.v4.new_output("stream", text="1\n")]
    )
    for settings, expected in [
        ({}, [("fragment", True, True)]),
        ({"input": "skip"}, [("fragment", False, True)]),
        ({"output": "skip"}, [("fragment", True, False)]),
        ({"output": "subslide"}, [("fragment", True, False), ("subslide", False, True)]),
    ]:
        cell.metadata["slideshow"] = {"slide_type": "fragment", **settings}
        found = [(k, "pre class" in h, '"given"' in h) for k, _, h in maker.pieces([cell], {})]
        assert found == expected, settings


def test_the_words_of_a_picture_are_its_text_and_stand_nowhere_else():
    notebook = nbformat.read(ROOT / "notebooks" / "05-training.ipynb", as_version=4)
    (cell,) = [cell for cell in notebook.cells if cell.source.startswith("lr, num_epochs")]
    shown = maker.outputs(cell)
    assert 'alt="Training: train loss from' in shown
    assert "in words" not in shown
    assert shown.count("train loss from") == 1
    (answer,) = [cell for cell in notebook.cells if cell.source.startswith("lh.save_weights")]
    assert "test accuracy after ten epochs" in maker.outputs(answer)
