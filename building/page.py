"""web/index.html is a template. Here is what it may say, and where its variables get their values."""

import jinja2

from . import ROOT, Failure

WEB = ROOT / "web"


def variables(version):
    """All that the template knows, by name.

    version: what this build is called; the page, its assets and its offline copy agree on it.
    """
    return {"version": version}


def render(version):
    """The finished page: HTML in which every value is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(WEB),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        keep_trailing_newline=True,
    )
    try:
        return environment.get_template("index.html").render(variables(version))
    except jinja2.TemplateSyntaxError as error:
        raise Failure(f"web/{error.name}, line {error.lineno}: {error.message}.") from None
    except jinja2.TemplateError as error:
        raise Failure(f"web/index.html cannot be made into a page: {error}.") from None
