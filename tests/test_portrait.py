"""The README's picture of the viewer: there, in words too, sharp, and of the viewer of today."""

import re

import pytest
from PIL import Image

from tools import portrait
from tools.browser import path
from tools.files import ROOT


def test_the_readme_shows_it_on_its_first_screen_and_says_what_it_shows():
    first = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:12])
    shown = re.search(r"\[!\[([^\]]*)\]\(([^)]*)\)\]\(([^)]*)\)", first)
    words, picture, link = shown.groups()
    assert len(words) > 80
    assert words.endswith(".")
    assert ROOT / picture == portrait.PORTRAIT
    assert (ROOT / link).is_file()
    assert "](docs/teaching.md#a-site)" in first


def test_it_is_sharp_and_light_and_of_the_viewer_of_today():
    with Image.open(portrait.PORTRAIT) as saved:
        assert saved.size == (2 * portrait.WIDTH, 2 * portrait.HEIGHT)
        assert saved.text[portrait.OF] == portrait.mark(), "run: python3 run.py portrait"
        assert len(saved.convert("RGB").getcolors(1 << 20)) > 50  # no empty page
    assert portrait.PORTRAIT.stat().st_size < 200_000


@pytest.mark.skipif(path() is None, reason="no Chromium")
def test_the_command_takes_the_same_picture_each_time(monkeypatch, tmp_path, capsys):
    files = []
    for name in ("one.png", "two.png"):
        monkeypatch.setattr(portrait, "PORTRAIT", tmp_path / name)
        assert portrait.main([]) == 0
        files.append((tmp_path / name).read_bytes())
    assert files[0] == files[1]
    assert "two.png" in capsys.readouterr().out


def test_without_a_browser_it_says_what_to_do(monkeypatch, capsys):
    monkeypatch.setattr(portrait, "path", lambda: None)
    assert portrait.main([]) == 1
    assert "no Chromium was found" in capsys.readouterr().out
