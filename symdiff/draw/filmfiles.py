"""A film as files: GIF, HTML with a slider, SVG that plays, PNG."""

from __future__ import annotations

import html as escaping
import io
import json
import re
import zlib
from collections.abc import Sequence

from symdiff.draw import binary
from symdiff.errors import RenderError

_DPI = 110
_ENGINE = "nop2"  # layout program that takes the positions in the source
_AT_ONCE = 50  # batch size: pictures that one run of the program draws
_START = re.compile(r"<\?xml[^>]*\?>\s*(?:<!DOCTYPE[^>]*>\s*)?")
_PAGED = re.compile(r'id="page\d+,\d+_graph')  # matches Graphviz's numbers of several graphs

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>symdiff</title></head><body>
{body}
</body></html>
"""

# Pieces make up the pictures; many share most of them.
_SLIDER = """<div class="{name}" style="font-family: Helvetica, Arial, sans-serif; max-width: 100%">
<style>.{name} svg {{ max-width: 100%; height: auto }}</style>
<div class="sd-picture" style="background: white">{last}</div>
<div style="display: flex; gap: .5em; align-items: center">
<button type="button" aria-label="play">▶</button>
<input type="range" min="0" max="{most}" value="{most}" style="flex: 1" aria-label="step">
<span style="min-width: 5em; text-align: right">{count} / {count}</span></div>
<script>document.querySelectorAll(".{name}:not([data-on])").forEach(function (root) {{
  var pieces = {pieces}, frames = {frames};
  root.dataset.on = "yes";
  var picture = root.querySelector(".sd-picture"), bar = root.querySelector("input");
  var told = root.querySelector("span"), button = root.querySelector("button"), timer = null;
  function show(k) {{
    picture.innerHTML = frames[k].map(function (i) {{ return pieces[i]; }}).join("");
    bar.value = k; told.textContent = (k + 1) + " / " + frames.length;
  }}
  function stop() {{ clearInterval(timer); timer = null; button.textContent = "▶"; }}
  bar.oninput = function () {{ stop(); show(+bar.value); }};
  button.onclick = function () {{
    if (timer) {{ stop(); return; }}
    if (+bar.value === frames.length - 1) show(0);
    button.textContent = "❚❚";
    timer = setInterval(function () {{
      if (+bar.value >= frames.length - 1) stop(); else show(+bar.value + 1);
    }}, 900);
  }};
}});</script></div>"""


def svgs(sources: Sequence[str], timeout: float) -> list[str]:
    """Pictures as SVG elements, drawn many at a time."""
    found: list[str] = []
    for k in range(0, len(sources), _AT_ONCE):
        some = sources[k : k + _AT_ONCE]
        drawn = binary.run("\n".join(some), "svg", timeout, engine=_ENGINE).decode()
        parts = [_PAGED.sub('id="graph', part.strip()) for part in _START.split(drawn) if part.strip()]
        if len(parts) != len(some):  # fall back: this program draws one graph only
            parts = [_START.sub("", binary.run(s, "svg", timeout, engine=_ENGINE).decode()).strip() for s in some]
        found += parts
    return found


def pngs(sources: Sequence[str], timeout: float) -> list[bytes]:
    """Pictures as PNG."""
    return [binary.run(source, "png", timeout, _DPI, _ENGINE) for source in sources]


def gif(sources: Sequence[str], seconds: float, timeout: float) -> bytes:
    """An animated GIF that starts over after a while.

    Raises
    ------
    RenderError
        Where Pillow is missing.
    """
    try:
        from PIL import Image
    except ImportError as error:
        raise RenderError(
            'a GIF needs Pillow: run `pip install "symdiff-graph[draw]"`, from a checkout `pip install ".[draw]"`, '
            "or save the film as .html, .svg or .png"
        ) from error
    pictures = [Image.open(io.BytesIO(data)).convert("RGB") for data in pngs(sources, timeout)]
    size = (max([p.width for p in pictures]), max([p.height for p in pictures]))
    palettes = []
    for picture in pictures:
        whole = Image.new("RGB", size, "white")
        whole.paste(picture)
        palettes.append(whole.quantize(64, dither=Image.Dither.NONE))
    stream = io.BytesIO()
    pause = round(seconds * 1000)
    times = [pause] * (len(palettes) - 1) + [3 * pause]
    palettes[0].save(
        stream, format="GIF", save_all=True, append_images=palettes[1:], duration=times, loop=0, optimize=False
    )
    return stream.getvalue()


def html(pictures: Sequence[str], captions: Sequence[str]) -> str:
    """A slider over pictures, for a notebook's cell or a page."""
    pieces: dict[str, int] = {}
    frames = [[pieces.setdefault(part, len(pieces)) for part in re.split(r"(?=<!--)", p)] for p in pictures]
    name = f"sd{zlib.crc32(''.join([*captions, *pieces]).encode()):x}"  # name it by its contents: same film, same page
    return _SLIDER.format(
        name=name,
        last=pictures[-1],
        most=len(pictures) - 1,
        count=len(pictures),
        pieces=_json(list(pieces)),
        frames=_json(frames),
    )


def _json(value: object) -> str:
    """JSON that can't end the script it is in."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/").replace("<!--", "<\\!--")


def page(body: str) -> str:
    """A page of its own."""
    return _PAGE.format(body=body)


def playing(pictures: Sequence[str], seconds: float) -> str:
    """One SVG that shows its pictures one after the other, again and again."""
    opening = re.match(r"(?s).*?<svg[^>]*>", pictures[0])
    assert opening is not None
    total = seconds * len(pictures)
    parts = []
    for k, picture in enumerate(pictures):
        inner = re.sub(r"(?s)^.*?<svg[^>]*>|</svg>\s*$", "", picture)
        inner = re.sub(r' id="[^"]*"', "", inner)
        shown = ";".join(["none", "inline", "none"] if k else ["inline", "none"])
        times = [0, k / len(pictures), (k + 1) / len(pictures)] if k else [0, 1 / len(pictures)]
        keys = ";".join([f"{t:.6g}" for t in times])
        if k == len(pictures) - 1 and k:
            shown, keys = "none;inline", f"0;{k / len(pictures):.6g}"
        animation = (
            f'<animate attributeName="display" values="{shown}" keyTimes="{keys}" '
            f'dur="{total:g}s" calcMode="discrete" repeatCount="indefinite"/>'
        )
        parts.append(f'<g display="{"none" if k else "inline"}">{animation if len(pictures) > 1 else ""}{inner}</g>')
    name = escaping.escape(f"{len(pictures)} steps")
    return f"{opening.group(0)}\n<title>{name}</title>\n{''.join(parts)}\n</svg>\n"
