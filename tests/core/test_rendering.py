"""Our way of putting pages together gives the bytes that Jinja's own gives."""

from decimal import Decimal

import pytest
from jinja2 import DictLoader, Environment
from jinja2.compiler import CodeGenerator
from markupsafe import Markup

from fund.core.rendering import InBlocks, text_of


class Drawn:
    def __html__(self):
        return "<i>drawn</i>"


TEMPLATES = {
    "base": "<main>{% block main %}nothing {% block inner %}{{ a }}{% endblock %}{% endblock %}</main>{% block foot required %}{% endblock %}",
    "middle": "{% extends 'base' %}{% block main %}{{ super() }}<p>{% block content %}{% endblock %}</p>{% endblock %}",
    "page": """{% extends 'middle' %}{% from 'macros' import shown %}
{% block content %}{% for x in values %}{% block row scoped %}<li>{{ x }}{{ shown(x) }}</li>{% endblock %}{% endfor %}
{% set kept %}<b>{{ a }}</b>{% endset %}{{ kept }}{% filter upper %}{{ a }}{% endfilter %}{% include 'part' %}
{% call(y) shown(a) %}({{ y }}){% endcall %}{% autoescape false %}{{ a }}{% endautoescape %}{{ self.foot() }}{{ missing }}{% endblock %}
{% block foot %}{{ super() if false }}{{ a | safe }}{{ none }}{% endblock %}""",
    "macros": "{% macro shown(v) %}<u>{{ v }}{% if caller %}{{ caller(v) }}{% endif %}</u>{% endmacro %}",
    "part": "<em>{{ a }}{{ 1 + 1 }}</em>",
}
VALUES = ["plain", "<b>&'\"", Markup("<hr>"), 7, 1.5, Decimal("72.50"), True, None, Drawn(), "", "é ظ 🌱"]


def page_by(generator) -> str:
    env = Environment(loader=DictLoader(TEMPLATES), autoescape=True)
    env.code_generator_class, env.text_of = generator, text_of
    return env.get_template("page").render(a="<a & b>", values=VALUES)


def test_a_page_is_the_same_to_the_byte():
    ours = page_by(InBlocks)
    assert ours == page_by(CodeGenerator)
    assert all(words in ours for words in ("&lt;b&gt;&amp;&#39;&#34;", "<hr>", "<i>drawn</i>"))


def test_no_block_hands_up_its_pieces():
    env = Environment(loader=DictLoader(TEMPLATES), autoescape=True)
    env.code_generator_class = InBlocks
    source = env.compile(TEMPLATES["base"], raw=True)
    assert "yield concat(context.blocks['main'][0](context))" in source
    assert "yield from" not in source


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_text_is_escaped_as_ever(value):
    from markupsafe import escape

    assert text_of(value) == escape(value)


def test_the_site_uses_it(app):
    assert app.jinja_env.code_generator_class is InBlocks
