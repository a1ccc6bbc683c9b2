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


BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
LOADS = {("script", "src"), ("img", "src"), ("iframe", "src"), ("link", "href"), ("source", "src"), ("object", "data")}


class Page(HTMLParser):
    """The anchors of a page, its images, and what it loads."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.loaded, self.images, self.links = set(), [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.ids.update(value for name, value in attributes if name == "id")
        self.loaded += [value for name, value in attributes if (tag, name) in LOADS]
        self.loaded += Page(given["srcdoc"]).loaded if given.get("srcdoc") else []
        self.images += [given] if tag == "img" else []
        self.links += [given.get("href", "")] if tag == "a" else []


def pages(manual):
    return {str(path.relative_to(manual)): Page(path.read_text(encoding="utf-8")) for path in manual.rglob("*.html")}


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
    texts = [path.read_text(encoding="utf-8") for path in (manual / "api").glob("*.html")]
    ids = set().union(*[Page(text).ids for text in texts])
    code = {code for text in texts for code in re.findall(r'<span class="pre">([\w.]+)</span>', text)}
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


def test_pages_load_nothing_from_the_network(manual):
    found = pages(manual)
    assert len(found) > 40
    outside = {name: [u for u in page.loaded if re.match(r"(?:https?:)?//", u)] for name, page in found.items()}
    assert {name: urls for name, urls in outside.items() if urls} == {}
    for style in manual.rglob("*.css"):
        assert not re.search(r"url\([\"']?(?:https?:)?//|@import", style.read_text(encoding="utf-8")), style.name


def test_no_sentence_is_taken_for_a_type_or_an_error(manual):
    texts = [path.read_text(encoding="utf-8") for path in (manual / "api").glob("*.html")]
    assert not [found for text in texts for found in re.findall(r">Type<.*?</dd>", text, re.DOTALL)]
    raised = [found for text in texts for found in re.findall(r">Raises<.*?</dl>", text, re.DOTALL)]
    assert len(raised) > 50
    names = [re.sub("<.*?>", "", name) for one in raised for name in re.findall(r"<strong>(.*?)</strong>", one)]
    assert [name for name in names if " " in name.replace(", ", "")] == []


def test_formulas_need_no_script(manual):
    texts = [path.read_text(encoding="utf-8") for path in manual.rglob("*.html")]
    assert sum(text.count("<math") for text in texts) > 500
    assert not any("mathjax@" in text for text in texts)
    page = (manual / "index.html").read_text(encoding="utf-8")
    assert "<msup>" in page


def test_every_picture_has_a_text_and_opens_alone(manual):
    found = pages(manual)
    nameless = {
        n: i["src"] for n, p in found.items() for i in p.images if re.search(r"^$|\.\w{3}$", i.get("alt") or "")
    }
    assert nameless == {}
    for name in ("tutorial.html", "gallery.html", *[n for n in found if n.startswith("notebooks/")]):
        assert {i["src"] for i in found[name].images} <= set(found[name].links), name


def test_the_search_knows_every_public_function(manual):
    index = (manual / "searchindex.js").read_text(encoding="utf-8")
    objects = index[index.index('"objects":') : index.index('"objnames":')]
    entries = set(re.findall(r'"(\w+)"', objects))
    assert sorted({*sd.__all__} - entries - {"linalg"}) == []


@pytest.mark.skipif(BROWSER is None, reason="no Chromium to search in")
@pytest.mark.parametrize("query", ["where", "sd.where", "np.maximum", "sd.gradient(f)"])
def test_a_search_finds_the_function_first(manual, tmp_path, query):
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}"]
    url = f"file://{manual}/search.html?q={query}"
    done = subprocess.run(
        [*command, "--virtual-time-budget=20000", "--dump-dom", url], capture_output=True, timeout=120, check=True
    )
    page = done.stdout.decode()
    found = re.findall(r'href="[^"]*#symdiff\.([\w.]+)', page[page.index('id="search-results"') :])
    assert query.split(".")[-1].partition("(")[0] in found[:2]


def test_formulas_are_spelled_for_browsers(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "docs" / "extensions"))
    docutils_nodes = pytest.importorskip("docutils.nodes", reason="docutils is not installed")
    mathml = pytest.importorskip("mathml", reason="Sphinx is not installed").mathml
    formula = {
        t: mathml(docutils_nodes.math(t, t)) for t in (r"f'(x)", r"\tfrac12 x, \dots", r"\left(x\right)", r"\cos x")
    }
    assert "′" in formula[r"f'(x)"]
    assert re.sub(r"\s", "", formula[r"\tfrac12 x, \dots"]).count("<mn>") == 2
    assert formula[r"\left(x\right)"].count('stretchy="false"') == 2
    assert "mspace" in formula[r"\cos x"]
    marked = re.sub(r"\s|<mo.*?</mo>", "", mathml(docutils_nodes.math("", r"\bar v_i")))
    assert marked == '<math><msub><moveraccent="true"><mi>v</mi></mover><mi>i</mi></msub></math>'
    names = mathml(docutils_nodes.math("", r"\operatorname{log\,softmax}\left(x\right) + \operatorname{a\_b}"))
    assert "\\" not in names
    assert "a_b" in names
    tall = r"\left(\frac{x}{y}\right)"
    assert "stretchy" not in mathml(docutils_nodes.math(tall, tall))
