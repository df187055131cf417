"""What all tests share."""

import pytest
from browsers import start
from playwright.sync_api import sync_playwright

pytest.register_assert_rewrite("by_torch")


@pytest.fixture(autouse=True)
def no_user_folders(monkeypatch, tmp_path_factory):
    """Keep the tests out of the user's own cache folder."""
    monkeypatch.setenv("LENET_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.delenv("LENET_DATA_DIR", raising=False)
    monkeypatch.delenv("LENET_ANSWERS", raising=False)


@pytest.fixture(autouse=True)
def threads_of_its_own(monkeypatch):
    """Let runs keep their number of threads: what they compute then is equal in every bit."""
    monkeypatch.setattr("lenet_helpers.training.threads.limits", list)


@pytest.fixture(scope="module")
def browser():
    """A browser; the test is skipped where there is none, or fails where one is required."""
    with sync_playwright() as playwright:
        running = start(playwright)
        yield running
        running.close()


@pytest.fixture(scope="module")
def blank_page(browser):
    """A page of the browser with nothing in it."""
    page = browser.new_page()
    page.goto("about:blank")
    yield page
    page.close()
