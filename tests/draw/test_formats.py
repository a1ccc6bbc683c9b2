"""Pictures as TikZ and JPEG, graphs as GraphML and JSON."""

import json
import re
import shutil
import subprocess

import networkx
import pytest
import sympy

import symdiff as sd


@pytest.fixture
def f():
    x, y = sd.variables("x y")
    return x**2 * y + y + 2


def test_tikz_has_every_node_and_edge(f, tmp_path):
    f.render(tmp_path / "f.tex", at={"x": 3, "y": 4}, backward=True)
    text = (tmp_path / "f.tex").read_text(encoding="utf-8")
    assert text.count(r"\begin{tikzpicture}") == text.count(r"\end{tikzpicture}") == 1
    nodes = re.findall(r"\\node\[.*\] \((\w+)\) at \([\d.,]+\) \{(.*)\};", text)
    assert len(nodes) == 7
    assert dict(nodes)["n2"] == r"($\cdot$)$^{2}$\\= 9\\adj 4.0"
    assert len(re.findall(r"\\draw\[->", text)) == 7
    assert len(re.findall(r"\\draw\[<-", text)) == 6  # the way back
    assert text.count("{") == text.count("}")


def test_letters_that_tex_reads_as_commands_are_written(tmp_path):
    f = sd.sin(sd.from_sympy(sympy.Symbol("a_1%$&#{}~^\\\\")))
    f.render(tmp_path / "f.tex")
    line = next(line for line in (tmp_path / "f.tex").read_text(encoding="utf-8").splitlines() if "(n0)" in line)
    bare = line.partition(") at ")[2].partition("{")[2]
    for command in (r"\_", r"\%", r"\$", r"\&", r"\#", r"\{", r"\}", r"\~{}", r"\^{}", r"\textbackslash{}"):
        assert command in bare


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex to compile with")
def test_tikz_compiles(f, tmp_path):
    sd.render([f, f.gradient("x")], tmp_path / "f.tex", at={"x": 3, "y": 4}, backward=True, clusters="outputs")
    (tmp_path / "page.tex").write_text(
        r"\documentclass{article}\usepackage{tikz}\usetikzlibrary{arrows.meta, shapes.geometric}"
        r"\begin{document}\input{f.tex}\end{document}"
    )
    done = subprocess.run(
        ["pdflatex", "-halt-on-error", "-interaction=batchmode", "page"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, (tmp_path / "page.log").read_text(errors="replace")[-1500:]


def test_jpeg(f, tmp_path):
    pytest.importorskip("PIL")
    for name in ("f.jpg", "f.jpeg"):
        f.render(tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(b"\xff\xd8")


def test_graphs_of_text_go_into_files(f, tmp_path):
    graph = f.to_networkx(objects=False)
    networkx.write_graphml(graph, tmp_path / "f.graphml")
    again = networkx.read_graphml(tmp_path / "f.graphml")
    assert sorted(text for _, text in again.nodes(data="expr")) == sorted(map(str, f.nodes()))
    assert len(again.edges) == len(graph.edges)
    read = networkx.node_link_graph(
        json.loads(json.dumps(networkx.node_link_data(graph, edges="edges"))), edges="edges"
    )
    assert dict(read.nodes(data=True)) == dict(graph.nodes(data=True))
    a = sd.Var("A", shape=(2, 3))
    networkx.write_graphml(a.sum().to_networkx(objects=False), tmp_path / "A.graphml")


def test_sympy_prints_latex_of_expressions(f):
    assert sympy.latex(f) == f.latex()
