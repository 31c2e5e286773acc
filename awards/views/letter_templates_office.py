"""For fund officers: the words of each kind of letter, tried on real facts before they are saved, with every version kept."""

from flask import render_template, request, url_for

from awards import letter_templates
from awards.forms import TemplateForm
from awards.letter_fields import FIELDS
from awards.letter_markdown import TemplateProblem
from awards.letter_words import TITLES
from awards.letters import load_letter
from awards.tables import LetterTemplate
from awards.tables.letters import LETTER_KINDS
from awards.views.doing import done
from fund.core import files
from fund.core.clock import now
from fund.core.database import db
from fund.core.navigation import audience_blueprint
from fund.core.pdf.as_html import as_html
from fund.core.pdf.document import draw
from fund.core.permissions import may, needs, signed_in
from fund.core.problems import NotYours
from fund.rounds import partnerships_for
from fund.tables import STAFF_ROLES, Partnership

blueprint = audience_blueprint("letter_templates_office", __name__, "staff")
EXAMPLE = 0  # the choice of a preview that takes made-up facts


def load_partnership(key: int) -> Partnership | None:
    return db.session.get(Partnership, key)


@blueprint.route("/office/letters")
@needs("see_letter_words")
def index():
    mine: dict[int, Partnership] = {}
    for role in STAFF_ROLES:
        mine |= {each.id: each for each in partnerships_for(signed_in(), role, now())}
    partnerships = sorted(mine.values(), key=lambda each: each.short_name)
    latest = {each.id: letter_templates.latest_versions(each) for each in partnerships}
    return render_template("awards/letter_templates.html", partnerships=partnerships, latest=latest, kinds=LETTER_KINDS)


@blueprint.route("/office/letters/<key:partnership_id>/<word:kind>", methods=["GET", "POST"])
@needs("see_letter_words", partnership=load_partnership)
def edit(partnership: Partnership, kind: str):
    """One press shows the letter, another draws its PDF, the third saves; only the third changes anything."""
    if letter_templates.kind_or_none(kind) is None:
        raise NotYours
    versions = letter_templates.versions_of(partnership, kind)
    number = letter_templates.own_number(versions[0] if versions else None)
    words = letter_templates.words_for(partnership, kind)
    form = TemplateForm(data={"words": _older_words(versions) or words, "version": str(number)})
    real = letter_templates.real_letters(partnership, kind)
    form.facts.choices = [
        *((letter.id, f"{letter.application.reference}, letter {letter.number}") for letter in real),
        (EXAMPLE, "A made-up example"),
    ]
    may_change = may(signed_in(), "change_letter_words", partnership)
    shown = None
    if form.validate_on_submit():
        press = request.form.get("press", "preview")
        answer = _save(partnership, kind, form) if press == "save" and may_change else _preview(kind, form, real, press)
        if answer is not None and not isinstance(answer, str):
            return answer
        shown = answer
    return render_template(
        "awards/letter_template.html", partnership=partnership, kind=kind, title=LETTER_KINDS[kind], form=form, shown=shown,
        versions=versions, number=number, fields=FIELDS[kind].values(), letter_title=TITLES[kind], may_change=may_change,
    )  # fmt: skip


def _older_words(versions: list[LetterTemplate]) -> str | None:
    """The words of an older version, when the address asks to start from it."""
    wanted = request.args.get("from", "")
    return next((each.words for each in versions if str(each.number) == wanted), None)


def _preview(kind: str, form: TemplateForm, real: list, press: str):
    """The letter as a page, or its PDF; None when the words cannot be a letter, with the reason beside them."""
    chosen = next((letter.id for letter in real if letter.id == form.facts.data), None)
    facts = load_letter(chosen).facts if chosen else letter_templates.example_facts(kind)
    try:
        document = letter_templates.preview(kind, form.words.data, facts)
    except TemplateProblem as problem:
        form.refuse(problem)
        return None
    if press == "pdf":
        return files.send(draw(document), f"preview-{kind}.pdf", "application/pdf", inline=True)
    return as_html(document, top_level=2)


def _save(partnership: Partnership, kind: str, form: TemplateForm):
    return done(
        lambda: letter_templates.save_template(
            partnership, kind, form.words.data, form.why.data, seen=form.seen_version, by=signed_in(), now=now()
        ),
        "Saved. The next letter of this kind is made with these words. Letters that were sent stay as they are.",
        url_for(".edit", partnership_id=partnership.id, kind=kind),
        form,
    )


@blueprint.route("/office/letters/versions/<key:template_id>")
@needs("see_letter_words", template=letter_templates.load_template)
def version(template: LetterTemplate):
    """The words of one version, as they were."""
    return render_template(
        "awards/letter_version.html", template=template, title=LETTER_KINDS[template.kind],
        may_change=may(signed_in(), "change_letter_words", template.partnership),
    )  # fmt: skip
