"""The site in a real browser, offline, from the disk: predictions, demos, search, colours."""

import json
import re
from html.parser import HTMLParser
from urllib.parse import unquote

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from planted import PLANTED
from rings import faint_rings

import lenet_helpers as lh
from lenet_helpers.asking.questions import of_notebook
from tools import series, site_cells
from tools import site as maker
from tools.stamp import Address

NOWHERE = Address("", "main")
SOMEWHERE = Address("https://github.com/owner/name", "main")
LESSONS = [path.stem for path in series.notebooks()]
PAGES = ["index", *LESSONS, "glossary"]
FIRST = "01-size-arithmetic"


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("the site")
    assert maker.main(["--out", str(folder)]) == 0
    return folder


class Visit:
    """The site in a browser of its own, without a network, and what it complained about."""

    def __init__(self, browser, folder, width=1280, scheme="light"):
        size = {"width": width, "height": 720}
        self.context = browser.new_context(viewport=size, offline=True, color_scheme=scheme)
        self.folder, self.faults, self.requests = folder, [], []
        self.context.on("weberror", lambda error: self.faults.append(str(error.error)))
        self.context.on(
            "console", lambda m: self.faults.append(m.text) if m.type == "error" else None
        )
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.page = self.context.new_page()

    def go(self, name):
        self.page.goto((self.folder / f"{name}.html").as_uri())
        return self.page

    def field(self, key):
        return self.page.locator(f'form.prediction[data-question="{key}"]')

    def fold(self, key):
        return self.page.locator(f'details.answer[data-question="{key}"]')

    def predict(self, key, text):
        """Answer, and return what is said."""
        self.field(key).locator("input").fill(text)
        self.field(key).get_by_role("button", name="Predict").click()
        return self.field(key).locator(".feedback").inner_text()

    def is_open(self, key):
        return self.fold(key).evaluate("(fold) => fold.open")

    def close(self):
        self.context.close()
        assert self.faults == []
        outside = [url for url in self.requests if not url.startswith(("file:", "data:", "about:"))]
        assert outside == []


@pytest.fixture
def visit(browser, pages):
    started = Visit(browser, pages)
    yield started
    started.close()


# ---------------------------------------------------------------- the pages


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_open_to_all_and_fits(browser, pages, name, scheme):
    visit = Visit(browser, pages, 600, scheme)
    page = visit.go(name)
    page.evaluate("document.querySelectorAll('main details').forEach((d) => { d.open = true; })")
    for width in (600, 1280):
        page.set_viewport_size({"width": width, "height": 720})
        assert page.evaluate("document.documentElement.scrollWidth") == width
        page.evaluate("new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))")
        # The frames of the demos have tests of their own. The policy forbids axe to load again.
        result = Axe().run(page, options={"iframes": False, "preload": False})
        assert result.response["violations"] == [], (width, result.generate_report())
    assert page.locator("h1").count() == 1
    assert page.locator("main :text('$')").count() == 0  # each formula was rendered
    visit.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [600, 1280])
def test_every_control_shows_that_it_has_the_focus(browser, pages, width, scheme):
    visit = Visit(browser, pages, width, scheme)
    page = visit.go(FIRST)
    page.evaluate("document.querySelectorAll('main details').forEach((d) => { d.open = true; })")
    page.evaluate("new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))")
    stops, faint = faint_rings(page)
    assert stops > 40
    assert faint == []
    visit.close()


def test_a_printed_page_is_a_sheet_to_work_on(browser, pages):
    visit = Visit(browser, pages, scheme="dark")
    page = visit.go(LESSONS[5])
    opened = page.locator("main .prose details").first
    opened.evaluate("(fold) => { fold.open = true; }")
    frames(page)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1000})  # A4 less a margin of a centimetre
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(22, 25, 29)"
    for gone in ("header", ".side", "footer", ".onward", "main iframe", ".prediction button"):
        assert not page.locator(gone).first.is_visible(), gone
    seen = [fold for fold in page.locator("main details").all() if fold.is_visible()]
    assert [fold.inner_text() for fold in seen] == [opened.inner_text()]
    for there in (".demo img", ".demo table", ".prediction input"):
        assert page.locator(there).first.is_visible(), there
    for name in PAGES:
        visit.go(name)
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        cut = """[...document.querySelectorAll('main *')].filter((e) => e.clientWidth &&
            e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML)"""
        assert page.evaluate(cut) == [], name
        broken = """[...document.querySelectorAll('pre.code code')].filter((e) => {
            const lines = e.textContent.trimEnd().split('\\n').length;
            const height = lines * parseFloat(getComputedStyle(e).lineHeight);
            return e.getBoundingClientRect().height > height + 2; }).map((e) => e.textContent)"""
        assert page.evaluate(broken) == [], name
    visit.close()


def test_the_lessons_can_be_read_on_a_telephone(browser, pages):
    visit = Visit(browser, pages, 380)
    page = visit.go("index")
    cut = """[...document.querySelectorAll('main :is(p, th, td, a, img)')].filter((e) =>
        e.getBoundingClientRect().right > innerWidth).map((e) => e.textContent)"""
    assert page.evaluate(cut) == []
    visit.close()


def test_pages_are_light_and_name_nothing_to_load_from_elsewhere(pages):
    shared = ("site.js", "site.css", "stix-two-math.woff2", "viewer.png")
    common = sum((pages / name).stat().st_size for name in shared)
    for name in PAGES:
        text = (pages / f"{name}.html").read_text(encoding="utf-8")
        assert len(text.encode()) + common < (500_000 if name == "index" else 3_000_000)
        loaded = re.findall(r'<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)="([^"]*)"', text)
        assert {one for one in loaded if not one.startswith("data:")} <= set(shared)


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.ids, self.links = set(), []

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.ids.add(found.get("id"))
        if tag == "a":
            self.links.append(found["href"])


def links_of(text):
    found = Links()
    found.feed(text)
    return found


def test_every_link_leads_somewhere(pages):
    found = {
        f"{name}.html": links_of((pages / f"{name}.html").read_text("utf-8")) for name in PAGES
    }
    index = json.loads((pages / "index.js").read_text("utf-8").split("=", 1)[1].rstrip(";\n"))
    links = [(name, link) for name, one in found.items() for link in one.links]
    links += [("index.html", entry["link"]) for entry in index]
    for name in LESSONS:
        data = maker.data_of(series.number(name), of_notebook(int(name[:2])))
        links += [("index.html", thought["link"]) for thought in data["thoughts"].values()]
    for name, link in links:
        page, _, anchor = link.partition("#")
        if not page.startswith("https:"):
            assert (page or name) in found, (name, link)
            assert not anchor or unquote(anchor) in found[page or name].ids, (name, link)
    assert len(links) > 200


def test_next_leads_through_all_pages_and_the_contents_lead_to_sections(visit):
    page = visit.go("index")
    for name in PAGES[1:]:
        page.get_by_role("navigation", name="Next").locator("[rel=next]").click()
        assert page.url.endswith(f"/{name}.html")
    page.locator("[rel=prev]").click()
    assert page.url.endswith(f"/{LESSONS[-1]}.html")
    page.get_by_role("navigation", name="Pages").get_by_text("10.1 LeNet-5 as it was").click()
    assert page.locator("h2").first.evaluate("(h) => h.getBoundingClientRect().top < 150")


def test_the_start_page_has_the_picture_and_every_notebook(visit):
    page = visit.go("index")
    assert page.locator("img.picture").evaluate("(img) => img.naturalWidth") > 600
    rows = page.locator(".lessons tbody tr")
    assert rows.count() == len(LESSONS)
    for name, row in zip(LESSONS, rows.all(), strict=True):
        title = nbformat.read(series.FOLDER / f"{name}.ipynb", 4).cells[0].source.split("\n")[0]
        assert row.locator("a").inner_text() == title.lstrip("# ")
        assert re.fullmatch(r"[A-Z].*[?]", row.locator("td").first.inner_text())
        assert re.fullmatch(r"\d+ minutes", row.locator("td").last.inner_text())


@pytest.mark.parametrize("name", LESSONS)
def test_each_question_has_a_field_and_an_answer_and_nothing_else_asks(visit, name):
    page = visit.go(name)
    known = list(of_notebook(series.number(name)))
    fields = page.locator("form.prediction")
    folds = page.locator("details.answer")
    assert [one.get_attribute("data-question") for one in fields.all()] == known
    assert sorted(one.get_attribute("data-question") for one in folds.all()) == sorted(known)
    code = "\n".join(page.locator("pre.code").all_inner_texts())
    assert not re.search(r"guess\.|answer = \.\.\.|lh\.check\(|Predictions|find_spec|recall", code)
    assert "no prediction yet" not in page.locator("main").inner_text()
    assert "in quotes, such as" not in page.locator("main").inner_text()  # only Python needs them


# ---------------------------------------------------------------- predictions


def test_a_hint_another_try_and_the_answer(visit):
    page = visit.go(FIRST)
    key = "width of the output"
    assert visit.predict(key, " ") == "No prediction yet. Write yours into the field."
    assert visit.predict(key, "no idea").endswith("such as 12. This answer is not counted.")
    assert not visit.is_open(key)
    said = visit.predict(key, "2")
    assert said.startswith("2: it looks as if the first place is not counted.")
    assert not visit.is_open(key)
    assert (
        "right at once, 0 right after a hint, 1 still open" in page.locator(".tally").inner_text()
    )
    assert visit.predict(key, "three pixels").startswith("three pixels cannot be read")
    assert visit.predict(key, "8.5").startswith("8.5: that is not it")
    assert visit.predict(key, "3 pixels") == "3 is right. Read on to see why."
    assert visit.is_open(key)
    result = Axe().run(page, options={"iframes": False, "preload": False})
    assert result.response["violations"] == [], result.generate_report()
    verdict = "You had it after a hint; your first answer was 2: it looks as if the first place"
    assert visit.fold(key).locator(".verdict").inner_text().startswith(verdict)
    tally = page.locator(".tally")
    assert "0 right at once, 1 right after a hint, 0 still open, " in tally.inner_text()
    assert tally.locator("li a").inner_text() == "notebook 1, 1.1 A kernel slides over a picture"
    later = visit.predict(key, "4")
    assert later == "4 is a change after the answer was shown; your first, 2, counts."


def test_the_answer_is_shown_on_demand_and_what_follows_is_late(visit):
    visit.go(FIRST)
    key = "width with padding"
    visit.predict(key, "24")
    visit.field(key).get_by_role("button", name="Show the answer").click()
    assert visit.is_open(key)
    assert visit.fold(key).locator("p").first.inner_text() == "28."
    assert visit.fold(key).locator(".verdict").inner_text().startswith("You predicted 24: it looks")
    assert "is a change after the answer was shown" in visit.predict(key, "28")
    assert visit.fold(key).locator(".verdict").inner_text().endswith("does not count.")
    said = visit.field(key).locator(".feedback")
    assert said.get_attribute("data-verdict") == "late"  # not in the colour of a right answer


def test_answers_stay_until_they_are_forgotten(visit):
    key = "width of the output"
    visit.go(FIRST)
    visit.predict(key, "3")
    page = visit.go(FIRST)
    assert visit.field(key).locator("input").input_value() == "3"
    assert visit.is_open(key)
    assert visit.fold(key).locator(".verdict").inner_text() == "You predicted it."
    visit.go(LESSONS[1])
    page.get_by_role("button", name="Forget my answers").click()
    visit.go(FIRST)
    assert visit.field(key).locator("input").input_value() == ""
    assert not visit.is_open(key)
    assert page.locator(".tally").inner_text().startswith("Predictions: 0 right at once")


def test_damaged_answers_are_none(visit):
    page = visit.go(FIRST)
    page.evaluate("localStorage.setItem('lenet-series-answers', '{oops')")
    visit.go(FIRST)
    assert visit.predict("width of the output", "3").startswith("3 is right")


def test_the_site_says_what_the_notebook_says(visit, capsys):
    """Every planted wrong answer, in the browser and in Python."""
    heard = set()
    for number, name in enumerate(LESSONS, 1):
        guess, page = lh.Predictions(number), visit.go(name)
        keys = of_notebook(number)
        planted = {key: answer for _, key, _, answer in PLANTED if key in keys}
        for key, answer in planted.items():
            text = str(tuple(answer) if isinstance(answer, list) else answer)
            guess.predict(key, text)
            told = " ".join(capsys.readouterr().out.split()).split(f"{key}: ", 1)[1]
            assert visit.predict(key, text) == told.replace("run on", "read on"), key
            heard.add(told)
        assert page.locator(".tally").inner_text().startswith("Predictions: 0 right at once")
    assert len(heard) > 30


def asked_and_measured(told):
    """The body of a page that asks for what can only be measured, and has measured it."""
    (question,) = (q for q in of_notebook(7).values() if q.key.startswith("pictures right"))
    fold = f"<details><summary>Answer: {question.key}</summary><p>{told}</p><p>Why.</p></details>"
    shown = nbformat.v4.new_output("display_data", {"text/html": fold})
    cells = [
        nbformat.v4.new_code_cell(f'answer = ...\nguess.predict("{question.key}", answer)'),
        nbformat.v4.new_code_cell(f'guess.reveal("{question.key}", 1)', outputs=[shown]),
        nbformat.v4.new_code_cell("guess.tally()"),
    ]
    return question, site_cells.body(cells, {question.key: question})


def test_a_measured_answer_is_held_against_the_prediction(visit, pages):
    question, body = asked_and_measured("18.")
    page = visit.go(LESSONS[6])
    name = f"{LESSONS[6]}.html"
    text = (pages / name).read_text(encoding="utf-8")
    main = re.compile(r'(<main id="content"[^>]*>).*?(<nav class="onward")', re.DOTALL)
    (pages / "measured.html").write_text(
        main.sub(lambda found: f"{found[1]}<h1>x</h1>{body}{found[2]}", text), encoding="utf-8"
    )
    for answer, verdict in (("18", "You predicted it."), ("3", "You predicted 3")):
        page = visit.go("measured")
        page.get_by_role("button", name="Forget my answers").click()
        assert visit.predict(question.key, answer).startswith(f"{answer} is noted.")
        assert not visit.is_open(question.key)
        visit.field(question.key).get_by_role("button", name="Show the answer").click()
        assert visit.fold(question.key).locator(".verdict").inner_text().startswith(verdict)
    (pages / "measured.html").unlink()


# ---------------------------------------------------------------- what else lives


@pytest.mark.parametrize(("name", "control"), [(LESSONS[1], "▶ Play"), (LESSONS[5], None)])
def test_the_demos_live_and_follow_the_colours(visit, name, control):
    page = visit.go(name)
    element = page.locator("main iframe").first
    element.wait_for()
    frame = element.element_handle().content_frame()
    page.wait_for_function("() => document.querySelector('main iframe').offsetHeight > 200")
    root = frame.locator("#demo > *").last
    assert root.get_attribute("data-theme") == "light"
    page.get_by_role("button", name="Dark").click()
    assert root.get_attribute("data-theme") == "dark"
    if control:
        before = frame.locator("#demo").inner_text()
        frame.get_by_role("button", name=re.compile("^Step ")).click()
        assert frame.locator("#demo").inner_text() != before


def frames(page):
    """The frames of the page's demos, each when its demo is there."""
    page.wait_for_function("""() => [...document.querySelectorAll('main iframe')]
        .every((frame) => frame.offsetHeight > 200)""")
    return [one.content_frame() for one in page.query_selector_all("main iframe")]


@pytest.mark.parametrize("width", [1263, 1280, 1440, 1920])  # 1280, with a bar to scroll by
def test_all_of_lenet_stands_on_one_screen_beside_the_contents(browser, pages, width):
    visit = Visit(browser, pages, width)
    page = visit.go(LESSONS[5])
    for frame in frames(page):
        assert "flow" in frame.locator(".lv").get_attribute("class").split()
    frame = frames(page)[0]
    page.locator("main iframe").first.evaluate("(one) => one.scrollIntoView()")
    last = frame.locator(".bars").last.bounding_box()
    assert last["x"] + last["width"] <= width
    under = page.locator("header").bounding_box()["height"]
    for part in (".pad", ".maps", ".bars"):
        box = frame.locator(part).first.bounding_box()
        assert under <= box["y"] <= 720 - box["height"], part
    assert page.get_by_role("navigation", name="Pages").get_by_text("Glossary").is_visible()
    (explorer,) = frames(visit.go(LESSONS[1]))
    scene, controls = (explorer.locator(part).bounding_box() for part in (".scene", ".controls"))
    assert controls["x"] > scene["x"] + scene["width"]
    visit.close()


@pytest.mark.parametrize("width", [600, 1024])
def test_on_a_narrow_page_the_layers_stand_below_each_other(browser, pages, width):
    visit = Visit(browser, pages, width)
    page = visit.go(LESSONS[5])
    for frame in frames(page):
        assert "flow" not in frame.locator(".lv").get_attribute("class").split()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    visit.close()


def test_the_colours_are_those_of_the_system_until_one_is_chosen(browser, pages):
    visit = Visit(browser, pages, scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    page = visit.go("index")
    assert page.evaluate(ground) == "rgb(17, 17, 17)"
    page.get_by_role("button", name="Light").click()
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    assert visit.go(FIRST).evaluate(ground) == "rgb(255, 255, 255)"
    visit.close()


def test_search_finds_sections_and_enter_opens_the_first(visit):
    page = visit.go("index")
    field = page.get_by_role("searchbox", name="Search")
    field.fill("dilation gaps")
    page.locator("#found a").first.wait_for()
    assert page.locator("#found a").first.inner_text() == "1.4 Dilation: a kernel with gaps"
    field.press("Enter")
    page.wait_for_url("**/01-size-arithmetic.html#*")
    page.wait_for_load_state()
    field.fill("zzzz")
    page.get_by_text("Nothing was found.").wait_for()  # the index is loaded first
    field.press("Escape")
    assert not page.get_by_text("Nothing was found.").is_visible()


IN_SIGHT = """(id) => { const r = document.getElementById(id).getBoundingClientRect();
    const under = document.querySelector('header').getBoundingClientRect().bottom;
    return r.top >= under && r.bottom <= innerHeight; }"""
MARKED = "[...(CSS.highlights.get('found') ?? [])].map((range) => range.toString().toLowerCase())"


@pytest.mark.parametrize("start", ["index", "glossary"])
@pytest.mark.parametrize("term", ["accuracy", "map (feature map)", "weight decay"])
def test_a_search_leads_to_the_word_in_the_glossary(visit, start, term):
    page = visit.go(start)
    field = page.get_by_role("searchbox", name="Search")
    field.fill(term)
    page.locator("#found a").first.wait_for()
    assert page.locator("#found a").first.inner_text() == term
    field.press("Enter")
    anchor = term.replace(" ", "-")
    page.wait_for_url(f"**/glossary.html#{anchor}")
    # Readers of screens go on from what has the focus.
    page.wait_for_function("(id) => document.activeElement.id === id", arg=anchor)
    assert page.evaluate(IN_SIGHT, anchor)
    assert set(page.evaluate(MARKED)) == set(term.split())


def test_the_words_that_were_searched_are_marked_in_their_section_alone(visit):
    page = visit.go("index")
    field = page.get_by_role("searchbox", name="Search")
    field.fill("dilation gaps")
    page.locator("#found a").first.click()
    page.wait_for_url("**/01-size-arithmetic.html#*")
    page.wait_for_function("() => document.activeElement.matches('h2')")
    assert set(page.evaluate(MARKED)) == {"dilation", "gaps"}
    section = page.evaluate("""[...CSS.highlights.get('found')].map((range) => {
        const before = [...document.querySelectorAll('h2')].filter((h) =>
            h.contains(range.startContainer) || h.compareDocumentPosition(range.startContainer)
                & Node.DOCUMENT_POSITION_FOLLOWING);
        return before.at(-1).textContent; })""")
    assert set(section) == {"1.4 Dilation: a kernel with gaps"}
    visit.go(FIRST)
    assert page.evaluate(MARKED) == []  # whoever comes without a search sees no marks


def test_every_word_of_the_glossary_is_found(pages):
    index = json.loads((pages / "index.js").read_text("utf-8").split("=", 1)[1].rstrip(";\n"))
    found = [entry["heading"] for entry in index if entry["link"].startswith("glossary.html#")]
    written = (maker.ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert found == re.findall(r"^\*\*(.*?)\*\* —", written, flags=re.MULTILINE)
    assert len(found) > 40


def test_search_takes_x_for_times_and_escape_leads_back_from_a_result(visit):
    page = visit.go("index")
    field = page.get_by_role("searchbox", name="Search")
    field.fill("5X5 kernels")
    page.locator("#found a").first.wait_for()
    assert "5×5" in page.locator("#found p").first.inner_text()
    field.press("Tab")
    assert page.locator("#found a").first.evaluate("(a) => a === document.activeElement")
    page.keyboard.press("Escape")
    assert not page.locator("#found").is_visible()
    assert field.evaluate("(field) => field === document.activeElement")


def test_words_of_a_line_stay_as_they_are_set():
    assert maker.plain("<p>The <code>cpu</code>, <b>here</b>.</p><p>Next.</p>") == (
        "The cpu, here. Next."
    )


def test_formulas_are_mathml_in_the_font_of_the_site(visit):
    page = visit.go(FIRST)
    assert page.locator("main math").count() > 5
    assert page.evaluate("document.fonts.load('16px \"STIX Two Math\"').then((f) => f.length)") == 1


def test_the_name_of_a_function_stands_apart_from_the_number_before_it(visit):
    formula = visit.go(LESSONS[9]).locator("math", has_text="tanh").first
    assert formula.locator("mspace").count() == 1


# ---------------------------------------------------------------- what needs the notebook


def test_checks_and_widgets_need_the_notebook_and_colab_opens_it(tmp_path):
    bare, linked = maker.site(NOWHERE), maker.site(SOMEWHERE)
    name = f"{LESSONS[0]}.html"
    assert b"colab" not in bare[name]
    place = "https://colab.research.google.com/github/owner/name/blob/main/notebooks/"
    assert f'<a href="{place}{LESSONS[0]}.ipynb">open it in Colab</a>' in linked[name].decode()
    code = "<code>output_size</code>: write it and have it checked in the notebook"
    assert f"{code}.</p>" in bare[name].decode()
    assert f'{code}, <a href="{place}{LESSONS[0]}.ipynb">in Colab</a>.' in linked[name].decode()
    calculator = "Size calculator: sliders for height, width, kernel, stride, padding and dilation."
    assert f"{calculator} It works in the notebook." in bare[name].decode()
    assert not any(b"Run this cell to use it" in page for page in bare.values())
    widget = nbformat.v4.new_output("display_data", {site_cells.WIDGET: {}, "text/plain": "x"})
    cell = nbformat.v4.new_code_cell("lh.size_calculator()", outputs=[widget])
    assert "This works in the notebook." in site_cells.body([cell], {})


def test_hints_and_solutions_are_folded(visit):
    page = visit.go(FIRST)
    hint = page.locator("details", has_text="First hint").first
    assert not hint.locator("p").first.is_visible()
    hint.locator("summary").click()
    assert hint.locator("p").first.is_visible()


def test_what_a_speaker_says_is_not_shown():
    cells = [nbformat.v4.new_markdown_cell(words) for words in ("Read this.", "Say that.")]
    cells[0].metadata["slideshow"] = {"slide_type": "slide", "notes": "Ask this."}
    cells[1].metadata["slideshow"] = {"slide_type": "notes"}
    page = site_cells.body(cells, {})
    assert "Read this." in page
    assert "Say that." not in page
    assert "Ask this." not in page


def test_a_cell_is_taken_apart():
    lines = ["x = 1", "", "answer = ...", 'guess.predict("a", answer)', "y = 2"]
    code = site_cells.taken_apart("\n".join([*lines, "guess.reveal(", '    "b",', "    x,", ")"]))
    assert (code.program, code.asked, code.revealed) == ("x = 1\n\n\ny = 2", ["a"], ["b"])
    checked = site_cells.taken_apart('f = lh.check("f", f)')
    assert (checked.program, checked.checks) == ("", ["f"])
