"""The first start of a real JupyterLab, with the options of ``run.py lab``: nothing pops up."""

import json
from pathlib import Path

from jupyterlab_server import serving

import run

ROOT = Path(__file__).resolve().parent.parent
MORE = ["--allow-root", "--no-browser"]  # what the server of the tests has by itself
OWN = [option.replace("=tools", f"={ROOT}/tools") for option in run.without(run.LAB[2:], MORE)]
POPPED = ".Toastify__toast, .jp-Dialog"


def popped_up(browser, tmp_path, options):
    """Return what JupyterLab has popped up some seconds after its first start."""
    home, folder = tmp_path / "home", tmp_path / "notebooks"
    home.mkdir(exist_ok=True)
    folder.mkdir(exist_ok=True)
    with serving(folder, home, options) as address:
        page = browser.new_page()
        page.goto(address.replace("/doc/tree", "/lab"))
        page.wait_for_function("() => window.jupyterapp", timeout=60_000)
        page.evaluate("async () => { await jupyterapp.restored; }")
        page.wait_for_timeout(5000)
        assert page.locator("#jp-main-dock-panel").is_visible()
        found = page.locator(POPPED).all_inner_texts()
        page.close()
    return " ".join(found)


def test_nothing_pops_up_at_the_first_start(browser, tmp_path):
    assert popped_up(browser, tmp_path, OWN) == ""


def test_without_our_setting_it_asks_and_an_option_of_ones_own_counts(browser, tmp_path):
    mine = [f"--LabApp.app_settings_dir={tmp_path}/mine"]
    assert "Jupyter news" in popped_up(browser, tmp_path, [*run.without(OWN, mine), *mine])


def test_what_somebody_has_chosen_counts(browser, tmp_path):
    """Who wants to be asked is asked: ours is a default, below the settings of a person."""
    place = tmp_path / "home" / "settings" / "@jupyterlab" / "apputils-extension"
    place.mkdir(parents=True)
    chosen = json.dumps({"fetchNews": "none"})
    (place / "notification.jupyterlab-settings").write_text(chosen, encoding="utf-8")
    assert "Jupyter news" in popped_up(browser, tmp_path, OWN)
