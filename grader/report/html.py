"""The report as one page: nothing fetched, the same bytes for the same report.

There is no script in it, but for a few lines while somebody watches: they ask a file beside the
page whether there is a newer one, and then load it, which keeps the reader's place.
"""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from grader.model import Isolation, Report, Status
from grader.report import numbers, pictures, story, words
from grader.report.mathml import mathml
from grader.report.text import cleaned

WATCHED = "report.watch.js"  # says which page is the latest, beside a page that is watched
_FOLLOWING = """
"use strict";
function reportVersion(latest) {
  if (latest !== "%s") location.reload();
  else setTimeout(look, 400);
}
function look() {
  const script = document.createElement("script");
  script.src = "%s?" + Date.now();
  script.onload = script.onerror = () => script.remove();
  document.head.append(script);
}
look();
"""

_CODE = re.compile(r"`([^`\n]+)`")
_RAISED = re.compile(r"^ *&gt; .*$", re.MULTILINE)
_PARAGRAPHS = re.compile(r"\n\s*\n")


def to_html(report: Report, *, version: str = "") -> str:
    """Return the page, complete in itself.

    Args:
        version: what the page is called while someone watches: with it, it looks for another.
    """
    report = cleaned(report)
    script = _FOLLOWING % (version, WATCHED) if version else ""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return render(
        "report.html.j2",
        report=report,
        script=Markup(script),  # noqa: S704 # our own, with nothing of a submission in it
        allowed=f"script-src 'sha256-{digest}' 'strict-dynamic'; " if script else "",
        step=story.next_step(report),
        tally=story.tally(report),
        void=story.void(report),
        bonus_possible=story.bonus_possible(report),
        unsafe=report.isolation is Isolation.NONE,
    )


def render(template: str, **values: object) -> str:
    """Return a template of the folder templates/ filled in; a value that is missing is an error."""
    return _environment().get_template(template).render(values)


def template_folder() -> Path:
    """Return the folder of the templates: inside the package in a wheel, else beside it."""
    package = Path(__file__).parent.parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(template_folder()),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "amount": words.amount,
        "count": words.count,
        "joined": words.joined,
        "prose": prose,
        "paragraphs": _PARAGRAPHS.split,
        "share": share,
        "mathml": mathml,
        "marked": marked,
    }
    environment.globals |= {
        "words": words,
        "pictures": pictures,
        "groups": story.groups,
        "formulas": story.formulas,
        "parts": numbers.parts,
        "Status": Status,
    }
    return environment


def prose(text: str) -> Markup:
    """Return the text escaped, what stands in backticks as code; names may break after a "_"."""
    coded = _CODE.sub(r"<code>\1</code>", str(escape(text)))
    return Markup(coded.replace("_", "_<wbr>"))  # noqa: S704 # escaped above


def marked(code: str) -> Markup:
    """Return numbered lines of code escaped, the one with a mark in bold."""
    return Markup(_RAISED.sub(r"<strong>\g<0></strong>", str(escape(code))))  # noqa: S704 # above


def share(part: float, whole: float) -> str:
    """Return how much of the whole the part is, in per cent, for the width of a bar."""
    return words.amount(min(100 * part / whole, 100)) if whole > 0 else "0"
