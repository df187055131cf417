"""A browser for the tests that need one: found on this machine, named, or reported missing."""

import os

import pytest

from tools.browser import FLAGS, HELP, path, sandbox

REQUIRED = "LENET_BROWSER_REQUIRED"  # set: a missing browser is a failure, not a skip


def start(playwright):
    """Start the browser; skip the test, or fail where one is required, if there is none."""
    if path() is None:
        if os.environ.get(REQUIRED):
            pytest.fail(HELP)
        pytest.skip(HELP)
    return playwright.chromium.launch(executable_path=path(), args=[*FLAGS, *sandbox()])


def redraw_while_drawing(page):
    """Draw four strokes in the viewer; return the milliseconds of a slow redraw (p95) in the best.

    A stroke moves 60 times.
    """
    page.evaluate("""() => { window.times = []; const root = document.querySelector('.lv');
        new MutationObserver(() => times.push(Number(root.dataset.redraw)))
            .observe(root, {attributes: true, attributeFilter: ['data-redraws']}); }""")
    box, slow = page.locator(".pad").bounding_box(), []
    for _ in range(4):  # the first stroke is compiled while it runs; others may meet a busy machine
        page.evaluate("times.length = 0")
        page.mouse.move(box["x"] + 40, box["y"] + 40)
        page.mouse.down()
        for i in range(60):
            page.mouse.move(box["x"] + 40 + 2 * i, box["y"] + 40 + (i * 7) % 90)
        page.mouse.up()
        page.wait_for_timeout(100)
        times = sorted(page.evaluate("times"))
        assert len(times) >= 30
        slow.append(times[int(0.95 * len(times))])
    return min(slow)
