"""The manual builds without a warning, and tells of everything that is public."""

import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

import symdiff as sd
from symdiff import records

ROOT = Path(__file__).parents[1]
BESIDE = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "notebooks", "benchmarks", "docs"]


class Ids(HTMLParser):
    """The anchors of a page."""

    def __init__(self, text):
        super().__init__()
        self.ids = set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.ids.update(value for name, value in attributes if name == "id")


@pytest.fixture(scope="module")
def manual(tmp_path_factory):
    """The HTML, built from a copy, as the build puts pictures and notebooks among the pages."""
    folder = tmp_path_factory.mktemp("manual")
    unwanted = shutil.ignore_patterns("_generated", "__pycache__", "_build")
    for name in BESIDE:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=unwanted)
        elif source.exists():
            shutil.copyfile(source, folder / name)
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", "-q", "docs", "html"]
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(command, cwd=folder, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "html"


def test_every_public_name_has_an_entry(manual):
    pages = [path.read_text(encoding="utf-8") for path in (manual / "api").glob("*.html")]
    ids = set().union(*[Ids(page).ids for page in pages])
    code = {code for page in pages for code in re.findall(r'<span class="pre">([\w.]+)</span>', page)}
    missing = [
        name for name in {*sd.__all__, *sd._LATER} if f"symdiff.{name}" not in ids and not code & {name, f"sd.{name}"}
    ]
    assert sorted(missing) == []


def test_the_index_has_every_public_name(manual):
    listed = subprocess.run(
        [sys.executable, "-m", "sphinx.ext.intersphinx", str(manual / "objects.inv")], capture_output=True, text=True
    )
    assert listed.returncode == 0
    names = set(re.findall(r"symdiff\.([\w.]+)", listed.stdout))
    assert sorted(set(sd.__all__) - names - {"linalg"}) == []  # a module, whose functions are there


def test_links_lead_somewhere_where_pages_are_read_as_files():
    links = [
        (page, target)
        for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/howto/*.md")]
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
        if "://" not in target
    ]
    assert len(links) > 20
    assert [link for link in links if not (link[0].parent / link[1]).exists()] == []


def test_conventions_are_those_of_the_records(manual):
    page = (manual / "conventions.html").read_text(encoding="utf-8").replace("&#39;", "'")
    kinks = [op.kinks for op in records.OPERATIONS if isinstance(op, sd.Operation) and hasattr(sd, op.class_name)]
    assert len(set(kinks)) > 5
    assert [kink for kink in kinks if kink not in page] == []


def test_pictures_are_made(manual):
    pictures = list((manual / "_images").glob("*.svg"))
    assert len(pictures) >= 5
    assert all(b"<svg" in path.read_bytes() for path in pictures)
