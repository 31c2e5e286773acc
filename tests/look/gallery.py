"""Every component on one page per audience, with made-up data: for developers to look at, for tests to walk through.

Run it: python -m tests.look.gallery, then open the address it prints.
"""

from pathlib import Path
from types import SimpleNamespace

from flask import Flask, Response, abort, flash, render_template
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    FileField,
    Form,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from fund.core import charts
from fund.core.charts import ChartTable
from fund.core.look import prepare_jinja

ROOT = Path(__file__).resolve().parents[2]
PARTNERSHIPS = {
    "durham-darlington": "County Durham and Darlington",
    "hertfordshire": "Hertfordshire",
    "cambridgeshire-peterborough": "Cambridgeshire and Peterborough",
    "buckinghamshire": "Buckinghamshire",
    "dorset": "Dorset",
}
ERRORS = (400, 403, 404, 405, 409, 413, 429, 500, 503)
PAGES = [
    ("Rounds", "public"),
    ("Your bids", "applicant"),
    ("Mistakes", "mistakes"),
    ("Scoring", "assessor"),
    ("Staff", "staff"),
    ("Returns", "grantee"),
    ("Long words", "long-words"),
]
LONG_WORD = f"https://example.org/{'neighbourhoods' * 13}"  # of about two hundred letters, as people paste them
SECTIONS = ["Overview", "Bids", "Panel", "Ranking", "Decisions", "Money"]
# As strict as the product: what a browser refuses under it fails the tests.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'"
)
ADDRESSES = [f"/{name}" if name != "public" else "/" for _, name in PAGES] + [f"/error/{code}" for code in ERRORS]


class MoneyField(StringField):
    """Stands for the base form's money field: same name, same shape."""


class DateField3(Field):
    """Stands for the base form's date in three boxes: same name, same shape."""

    day_value, month_value, year_value = "31", "2", "2025"
    wrong_parts = ("month",)

    def pre_validate(self, form: Form) -> None:
        raise ValidationError("28 February is the last day of February 2025")


class ShortText(TextAreaField):
    words_limit = 20


class Sample(Form):
    version = HiddenField(default="3")
    group = StringField("Name of your group", [InputRequired("Enter the name of your group")])
    email = EmailField("Email address", description="We send your receipt here")
    asked = MoneyField("How much do you ask for?", description="Pounds and pence, for example 4,460.00")
    people = IntegerField("How many people will you reach?")
    need = ShortText("What local need will you meet?", description="Say how you know")
    start = DateField3("When will you start?", description="For example, 27 3 2025")
    registered = RadioField(
        "Is your group registered?",
        [InputRequired("Choose whether your group is registered")],
        choices=[
            SelectChoice("charity", "Yes, as a charity", render_kw={"hint": "It has a charity number"}),
            SelectChoice("company", "Yes, as a company"),
            SelectChoice("no", "No"),
        ],
    )
    places = SelectMultipleField(
        "Where will you work?", choices=[SelectChoice("pe", "Peterlee East"), SelectChoice("dc", "Darlington Central")]
    )
    strand = SelectField(
        "Which kind of work is it?", choices=[SelectChoice("", "Choose one"), SelectChoice("m", "Mentoring")]
    )
    policy = FileField("Your safeguarding policy", description="PDF or Word, up to 10 MB")
    agreed = BooleanField("I have read the <script>terms</script> & agree")

    def validate_asked(self, field: Field) -> None:
        if field.data == "5,000.01":
            raise ValidationError(
                "You asked for £5,000.01. Groups that are not registered can ask for up to £5,000.00. "
                "Take off £0.01 to carry on."
            )


def sample_form(wrong: bool = False) -> Sample:
    """The form as it was sent: with every kind of mistake, or without any."""
    sent = MultiDict({"asked": "5,000.01", "need": "word " * 23, "version": "3"}) if wrong else None
    form = Sample(
        sent, data={"group": "Corner Café Nights", "need": "Young people have nowhere to go.", "asked": "4,460.00"}
    )
    if wrong:
        form.validate()
    return form


def pounds(pence: float) -> str:
    return f"£{pence / 100:,.2f}"


def drawings() -> dict[str, tuple[str, Markup, ChartTable]]:
    """Each chart with its caption and its table."""
    priorities = [
        ("Support for those aged 18 and under involved or at risk of being drawn into serious violence", 42, 23),
        ("Reduce alcohol-related violence in the night-time economy", 120, 131),
        ("Support for those aged 18 to 35 already involved", 60, None),
        ("Domestic abuse with a knife or sharp instrument", 20, "<5"),
    ]
    asked = [
        ("Mentoring", 21_840_000),
        ("Sports programmes", 9_400_050),
        ("Focused deterrence", 0),
        ("A <script> strand", None),
    ]
    pot = [("Paid", 17_500_000), ("Committed", 22_000_000), ("Offered", 12_765_500), ("Room left", 17_734_500)]
    quarters = [
        ("Jan 2024", 12, 9),
        ("Apr 2024", 25, 14),
        ("Jul 2024", None, 22),
        ("Oct 2024", 44, 31),
        ("Jan 2025", 58, 33),
    ]
    marks = [("Local need, evidenced", [3, 3, 5], 3), ("Evidence-based practice", [1, 4, 2], None), ("Value", [], None)]
    wards = [("Peterlee East", 41), ("Darlington Central", 33), ("Bishop Auckland Town", 12), ("Consett North", 3)]
    wards += [("Easington", "[c]"), ("Crook", 22), ("Durham City: Framwellgate", 0)]
    say = "What is drawn, in a sentence."
    return {
        "bars": (
            "Money asked for by strand",
            charts.bar_chart("Money asked for", say, asked, show=pounds),
            ChartTable.of(("Strand", "Asked"), asked, pounds),
        ),
        "pairs": (
            "People: expected and reported",
            charts.paired_bars("People", say, priorities),
            ChartTable.of(("Priority", "Expected", "Reported"), priorities),
        ),
        "stack": (
            "Where the £700,000.00 is",
            charts.stacked_bar("The pot", say, pot, show=pounds),
            ChartTable.of(("Part", "Amount"), pot, pounds),
        ),
        "lines": (
            "People reached by quarter",
            charts.line_chart("People by quarter", say, quarters, names=("Reported", "Expected"), baseline=10),
            ChartTable.of(("Quarter", "Reported", "Expected"), quarters),
        ),
        "dots": (
            "Scores before moderation",
            charts.dot_plot("Scores", say, marks),
            ChartTable.of(("Criterion", "Scores", "Agreed"), marks),
        ),
        "tiles": (
            "People reached by ward",
            charts.tile_map("Wards", say, wards),
            ChartTable.of(("Ward", "People"), wards),
        ),
        "empty": ("Nothing yet", charts.bar_chart("Nothing", say, []), ChartTable.of(("What", "How many"), [])),
        "one": (
            "A single point",
            charts.line_chart("Single", say, [("Jan 2024", 5)]),
            ChartTable.of(("When", "How many"), [("Jan 2024", 5)]),
        ),
    }


def sample_bids() -> list[SimpleNamespace]:
    states = [
        ("In scoring", "blue"),
        ("Submitted", "turquoise"),
        ("Unsuccessful", "grey"),
        ("Offered", "green"),
        ("Checks failed", "red"),
    ]
    names = [
        "Corner Café Nights",
        "Peterlee Youth Boxing Club",
        "Safe Streets Darlington CIO",
        "Friends of the <Green>",
    ]
    return [
        SimpleNamespace(
            reference=f"VPF-2026-{n:04}",
            group=names[n % 4],
            asked=pounds(386_400 + n * 21_511),
            total=f"{81.25 - n * 1.5:.2f}",
            state=states[n % 5][0],
            colour=states[n % 5][1].replace("turquoise", "teal"),
            line=n == 8,
        )
        for n in range(1, 15)
    ]


def create_gallery() -> Flask:
    """A Flask application with nothing in it but the look."""
    app = Flask("gallery", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.secret_key = "gallery"
    app.config["DEMO"] = True
    prepare_jinja(app)
    app.jinja_env.globals["csrf_token"] = lambda: "token"

    @app.after_request
    def strict(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    own = Path(__file__).parent / "templates"

    def page(name: str, slug: str = "durham-darlington", **given: object) -> str:
        menu = [SimpleNamespace(text=text, href=f"/{href}", is_current=href == name) for text, href in PAGES]
        sections = [SimpleNamespace(text=text, href="/staff", is_current=text == "Bids") for text in SECTIONS]
        return render_template(
            app.jinja_env.from_string((own / f"{name}.html").read_text()),
            partnership=SimpleNamespace(slug=slug, name=PARTNERSHIPS[slug]),
            navigation=menu,
            section_navigation=sections,
            current_user=SimpleNamespace(is_authenticated=name != "public", name="Dee Okafor"),
            **given,
        )

    @app.get("/")
    @app.get("/public/<slug>")
    def public(slug: str = "durham-darlington") -> str:
        return page("public", slug, drawings=drawings())

    @app.get("/applicant")
    def applicant() -> str:
        flash("Saved. You can come back whenever you like.", "success")
        flash("The round closes in 3 days.")
        return page("applicant", form=sample_form())

    @app.get("/mistakes")
    def mistakes() -> str:
        flash("We could not save <b>this</b>.", "error")
        return page("mistakes", form=sample_form(wrong=True))

    @app.get("/assessor")
    def assessor() -> str:
        return page("assessor", form=sample_form(), drawings=drawings())

    @app.get("/staff")
    def staff() -> str:
        return page("staff", bids=sample_bids(), drawings=drawings())

    @app.get("/grantee")
    def grantee() -> str:
        bar = charts.progress_bar("People reached", "23 of 42", 23, 42)
        spark = charts.sparkline("Reports", "Three quarters", [("Q1", 3), ("Q2", 9), ("Q3", 7)])
        return page("grantee", "dorset", bar=bar, spark=spark)

    @app.get("/long-words")
    def long_words() -> str:
        return page("long-words", long=LONG_WORD)

    @app.get("/error/<int:code>")
    def error(code: int) -> str:
        if code not in ERRORS:
            abort(404)
        return render_template(f"errors/{code}.html", reference="7f3a-91")

    return app


if __name__ == "__main__":
    create_gallery().run(port=5099)
