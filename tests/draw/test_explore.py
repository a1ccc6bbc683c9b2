"""The page to explore a graph: what it holds, and what a browser does with it."""

import json
import re
import shutil
import subprocess

import numpy as np
import pytest
import sympy

import symdiff as sd
from symdiff.errors import RenderError, SymdiffValueError

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
POINT = {"x": 3, "y": 4}


@pytest.fixture
def f():
    x, y = sd.variables("x y")
    return x**2 * y + y + 2


def test_a_page_is_one_file_without_anything_from_outside(f, tmp_path):
    path = f.explore(at=POINT).save(tmp_path / "f.html")
    page = (tmp_path / "f.html").read_text(encoding="utf-8")
    assert path == str(tmp_path / "f.html")
    assert not re.search(r"""(?:src|href)=["'](?!#)|@import|url\(""", page)
    assert page.count("<svg") == 1


def test_render_writes_the_page_by_its_suffix(f, tmp_path):
    f.render(tmp_path / "f.html", at=POINT, backward=True)
    assert "sd-explorer" in (tmp_path / "f.html").read_text(encoding="utf-8")


def test_details_tell_formula_value_adjoint_and_partials(f):
    details = f.explore(at=POINT).picture.details()
    product = next(d for d in details.values() if d.text == "x**2*y")
    assert (product.value, product.adjoint) == ("36", "1.0")
    assert product.partials == (("x**2", "4"), ("y", "9"))
    assert details["c0"].text == "2"


def test_names_cannot_leave_their_place():
    f = sd.from_sympy(sympy.sin(sympy.Symbol("</script><b>'\"&")))
    page = sd.explore(f, at={f.variables[0]: 1.0}, title="</title></script><b>").html()
    assert "<b>" not in page
    assert page.count("</script>") == 1


def test_a_large_graph_is_folded_first():
    v = sd.variables("v", 4000)
    page = sd.explore((np.sin(v) ** 2).sum())
    assert page.picture.nodes_drawn < 20


def test_a_notebook_gets_a_frame(f):
    bundle = f.explore()._repr_mimebundle_()
    shown = bundle["text/html"]
    assert bundle["image/png"].startswith(b"\x89PNG")  # for notebooks that are not trusted
    assert shown.startswith("<iframe srcdoc=")
    assert "<script>" not in shown  # it is in the frame, escaped


def test_other_suffixes_and_a_missing_program_are_errors(f, tmp_path, monkeypatch):
    with pytest.raises(SymdiffValueError, match=r"\.html"):
        f.explore().save(tmp_path / "f.png")
    monkeypatch.setenv("SYMDIFF_DOT", "no-such-program")
    with pytest.raises(RenderError, match="no-such-program"):
        f.explore().save(tmp_path / "f.html")
    assert "no-such-program" in f.explore()._repr_mimebundle_()["text/plain"]
    assert not list(tmp_path.iterdir())


def in_browser(page, script, folder):
    """What a script finds that runs in a page, once the page's own has."""
    report = f"<script>document.body.dataset.found = JSON.stringify((function () {{ {script} }})())</script>"
    (folder / "page.html").write_text(page.replace("</body>", report + "</body>"), encoding="utf-8")
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
    done = subprocess.run(
        [*command, "--dump-dom", f"file://{folder / 'page.html'}"], capture_output=True, timeout=120, check=True
    )
    found = re.search(r'data-found="(.*?)"', done.stdout.decode())
    assert found, done.stderr.decode()[-500:]
    return json.loads(found[1].replace("&quot;", '"').replace("&gt;", ">").replace("&amp;", "&"))


PRELUDE = """
const node = (text) => [...document.querySelectorAll("g.node")].find((g) => g.getAttribute("aria-label") === text);
const press = (key, target) => (target || document.body).dispatchEvent(
  new KeyboardEvent("keydown", { key, bubbles: true }));
const shown = (what) => [...document.querySelectorAll("g.node text")].filter(
  (t) => t.textContent.startsWith(what) && !t.classList.contains("later")).length;
const visible = () => [...document.querySelectorAll("g.node:not(.hidden)")].map((g) => g.getAttribute("aria-label"));
"""


@pytest.fixture
def browser(tmp_path):
    if BROWSER is None:
        pytest.skip("no Chromium to look at the page with")
    return lambda page, script: in_browser(page, PRELUDE + script, tmp_path)


def test_keys_step_through_values_and_then_adjoints(f, browser):
    found = browser(
        f.explore(at=POINT).html(),
        """
        const counts = [[shown("= "), shown("adj ")]];
        press("Home"); counts.push([shown("= "), shown("adj ")]);
        for (let k = 0; k < 6; k++) press("ArrowRight");
        counts.push([shown("= "), shown("adj ")]);
        press("ArrowRight"); counts.push([shown("= "), shown("adj ")]);
        press("ArrowLeft"); press("ArrowLeft"); counts.push([shown("= "), shown("adj ")]);
        press("End"); counts.push([shown("= "), shown("adj ")]);
        return counts;""",
    )
    assert found == [[6, 6], [0, 0], [6, 0], [6, 1], [5, 0], [6, 6]]


def test_a_click_folds_what_only_that_node_uses(f, browser):
    found = browser(
        f.explore(at=POINT).html(),
        """
        node("x**2*y").dispatchEvent(new MouseEvent("click", { bubbles: true }));
        const folded = visible();
        press("Enter", node("x**2*y"));
        const again = visible().length;
        press("Enter", node("x**2*y + y + 2"));
        const top = visible();
        press("u");
        return [folded, again, top, visible().length, document.querySelectorAll("g.edge:not(.hidden)").length];""",
    )
    folded, again, top, unfolded, edges = found
    assert sorted(folded) == ["2", "x**2*y", "x**2*y + y", "x**2*y + y + 2", "y"]
    assert again == unfolded == 7
    assert top == ["x**2*y + y + 2"]
    assert edges == 7 + 6  # of the graph, and of the way back, which does not go to the constant


def test_pointing_lights_up_what_a_node_is_made_of(f, browser):
    found = browser(
        f.explore(at=POINT).html(),
        """
        node("x**2").dispatchEvent(new PointerEvent("pointerenter"));
        const lit = [...document.querySelectorAll("g.node.lit")].map((g) => g.getAttribute("aria-label"));
        return [lit, document.querySelector(".sd-side").textContent];""",
    )
    assert sorted(found[0]) == ["x", "x**2"]
    assert "value9" in found[1]


def test_search_marks_nodes(f, browser):
    found = browser(
        f.explore(at=POINT).html(),
        """
        const box = document.querySelector("input[type=search]");
        box.value = "x**2*y"; box.dispatchEvent(new Event("input"));
        return [...document.querySelectorAll("g.node.found")].length;""",
    )
    assert found == 3


def test_keys_zoom_and_every_node_can_be_reached_by_tab(f, browser):
    found = browser(
        f.explore(at=POINT).html(),
        """
        const svg = document.querySelector("svg"), width = () => svg.viewBox.baseVal.width, whole = width();
        press("+"); const inside = width() / whole; press("-"); press("-"); const outside = width() / whole; press("0");
        press("d");
        const dark = document.querySelector(".sd-explorer").classList.contains("dark");
        return [inside, outside, width() / whole, dark, document.querySelectorAll("g.node[tabindex='0']").length];""",
    )
    assert found == [pytest.approx(0.8, rel=1e-3), pytest.approx(1.25, rel=1e-3), pytest.approx(1), True, 7]
