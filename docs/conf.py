"""How Sphinx builds the manual: `python -m sphinx docs build/docs`, then open build/docs/index.html."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "extensions"), str(HERE.parent)]

import symdiff  # noqa: E402  # this checkout's, installed or not

project = "symdiff"
author = "the authors of symdiff"
project_copyright = author
version = release = symdiff.__version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "code_role",  # these are ours, in the folder extensions
    "beside",
    "commands",
    "course",
    "drawings",
    "figures",
    "images",
    "mathml",
    "operation_tables",
    "pictures",
    "themes",
]
exclude_patterns = ["_build"]

# Notebooks are shown as they are stored; the tests run them.
nb_execution_mode = "off"
myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # docstrings say shapes and kinds in words
autodoc_preserve_defaults = True
autosummary_generate = False
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
default_role = "linked_code"
smartquotes_action = "D"  # dashes alone: f'(0) is no quotation
suppress_warnings = ["myst.header"]  # tables of figures have small headings
add_module_names = False
toc_object_entries_show_parents = "hide"
python_maximum_signature_line_length = 88

html_math_renderer = "mathml"
html_theme = "furo"
html_title = f"symdiff {release}"
html_static_path = ["_static"]
html_css_files = ["manual.css"]
html_js_files = [("search.js", {"defer": "defer"})]
html_copy_source = html_show_sourcelink = False
html_theme_options = {"navigation_with_keys": True}
pygments_style = "friendly"
pygments_dark_style = "github-dark"
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
