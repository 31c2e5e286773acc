"""For fund officers: other funders' open data, imported to see double funding at the decision."""

from flask import render_template, request, url_for

from awards import other_grants
from awards.forms import OtherGrantsForm
from awards.open_data.reading import MOST_BYTES
from awards.views.doing import done
from awards.views.limits_office import load_partnership
from fund.core.clock import now
from fund.core.navigation import audience_blueprint
from fund.core.permissions import may, needs, signed_in
from fund.tables import Partnership

blueprint = audience_blueprint("other_grants_office", __name__, "staff")


@blueprint.route("/office/partnerships/<key:partnership_id>/other-funders", methods=["GET"])
@needs("see_decisions", partnership=load_partnership)
def show(partnership: Partnership):
    return _page(partnership, OtherGrantsForm())


@blueprint.route("/office/partnerships/<key:partnership_id>/other-funders", methods=["POST"])
@needs("import_other_grants", partnership=load_partnership)
def save(partnership: Partnership):
    form, sent = OtherGrantsForm(), request.files.get("file")
    if form.validate_on_submit() and (sent is None or not sent.filename):
        form.file.errors = ["Choose a 360Giving file (JSON or CSV)"]
        return _page(partnership, form)
    answer = form.validate_on_submit() and done(
        lambda: other_grants.import_file(partnership, sent.stream.read(MOST_BYTES + 1), by=signed_in(), now=now()),
        "The file is read. Its grants are shown beside the bids of the same organisations.",
        url_for(".show", partnership_id=partnership.id),
        form,
    )
    return answer or _page(partnership, form)


def _page(partnership: Partnership, form: OtherGrantsForm):
    return render_template(
        "awards/other_grants.html", partnership=partnership, form=form, sources=other_grants.sources_of(partnership),
        imports=may(signed_in(), "import_other_grants", partnership),
    )  # fmt: skip
