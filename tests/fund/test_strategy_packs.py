"""The five partnerships' packs: faithful to what they decided, strict about what they may say."""

import datetime as dt
import shutil

import pytest

from fund.strategies.gap import SILENT, UNRECORDED, Gap
from fund.strategies.legal_form import legal_form, legal_forms
from fund.strategies.loader import (
    PACKS,
    all_packs,
    content_sha256,
    criteria,
    load_pack,
    national,
    national_measures,
    read_pack,
    slugs,
)
from fund.strategies.places import areas, needs, needs_by_area
from fund.strategies.reading import PackError

SLUGS = ("buckinghamshire", "cambridgeshire-peterborough", "dorset", "durham-darlington", "hertfordshire")


@pytest.fixture
def durham():
    return load_pack("durham-darlington")


@pytest.fixture
def changed(tmp_path):
    """A copy of Durham's pack with one text replaced by another, read anew."""

    def read(old, new, slug="durham-darlington"):
        path = tmp_path / f"{slug}.yaml"
        text = (PACKS / f"{slug}.yaml").read_text(encoding="utf-8")
        assert old in text, f"the pack no longer says {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return read_pack(path)

    return read


def test_there_are_five_packs_and_each_loads():
    assert slugs() == SLUGS
    assert [pack.identity.short_name for pack in all_packs()] == sorted(
        load_pack(slug).identity.short_name for slug in SLUGS
    )


def test_durham_has_four_priorities_in_two_strands(durham):
    assert [priority.code for priority in durham.priorities] == ["1", "2", "3", "4"]
    assert [priority.title for priority in durham.priorities] == [
        "Support for those aged 18 and under involved or at risk of being drawn into Serious Violence.",
        "Reduce Alcohol-related violence in the Night-Time Economy.",
        "Support for those aged 18-35 already involved in Serious Violence, with a focus on males.",
        "Reduce Domestic Abuse related violence with a knife or sharp instrument (repeat DA perpetrators and victims).",
    ]
    strands = [priority.strand for priority in durham.priorities]
    assert strands == ["Prevention and Early Intervention"] * 2 + ["Criminal Justice and Enforcement"] * 2
    assert durham.priorities[2].target_group.words == "aged 18 to 35, mainly male"


def test_durhams_fund_has_its_pot_caps_window_and_criteria(durham):
    fund = durham.fund
    assert (fund.total_pence, fund.total_is_approximate) == (700_000_00, True)
    assert {cap.key: cap.most_pence for cap in fund.caps} == {"non_registered": 5_000_00, "registered": 40_000_00}
    assert (fund.delivery.first_month, fund.delivery.last_month, fund.delivery.months) == ("2024-01", "2025-03", 15)
    assert [criterion.code for criterion in fund.criteria] == ["C0", "C1", "C2", "C3", "C4"]
    assert "meaning of registered" in fund.unstated


def test_only_durham_has_a_fund():
    assert [pack.slug for pack in all_packs() if pack.fund] == ["durham-darlington"]


def test_hertfordshire_has_no_priorities_so_its_rounds_fund_its_five_outcomes():
    pack = load_pack("hertfordshire")
    assert isinstance(pack.priorities, Gap)
    assert pack.rounds_fund == "outcomes"
    assert [each.code for each in pack.fundable] == ["HERTS1", "HERTS2", "HERTS3", "HERTS4", "HERTS5"]
    assert {each.kind for each in pack.fundable} == {"outcome"}
    assert len(pack.governance.boards) == 6


def test_cambridgeshire_groups_its_sixteen_outcomes_under_three_priorities():
    pack = load_pack("cambridgeshire-peterborough")
    assert {each.code: len(each.outcomes) for each in pack.fundable} == {"PEOPLE": 4, "PARTNERSHIP": 5, "PLACES": 7}
    assert [measure.code for measure in national_measures(pack)] == ["HO1", "HO2", "HO3"]


def test_buckinghamshire_is_a_draft_with_five_priorities():
    pack = load_pack("buckinghamshire")
    assert [each.code for each in pack.fundable] == ["P1", "P2", "P3", "P4", "P5"]
    assert "DRAFT" in pack.strategy.status
    assert all(priority.commitments for priority in pack.priorities)


def test_buckinghamshires_garbled_figure_is_nowhere():
    pack = load_pack("buckinghamshire")
    values = [figure.value for fact in pack.needs.facts for figure in fact.figures]
    assert 2343 not in values
    assert 12365 in values


def test_dorset_has_all_six_with_the_chosen_wording():
    titles = {priority.code: priority.title for priority in load_pack("dorset").priorities}
    assert list(titles) == ["SV01", "SV02", "SV03", "SV04", "SV05", "SV06"]
    assert titles["SV01"] == "Develop and deliver approaches to tackle high-harm offending"
    assert titles["SV05"].endswith("rural organised crime.")


@pytest.mark.parametrize("slug", SLUGS)
def test_every_pack_names_its_document_and_what_it_did_with_contradictions(slug):
    pack = load_pack(slug)
    assert pack.identity.source.startswith("seed 00")
    assert pack.inconsistencies


@pytest.mark.parametrize("slug", SLUGS)
def test_contacts_are_plainly_for_demonstration(slug):
    contact = load_pack(slug).contact
    assert contact.demonstration
    assert contact.email == f"fund@{slug}.example.org"
    assert contact.phone.startswith("01632 960")


@pytest.mark.parametrize("slug", SLUGS)
def test_an_officer_can_start_a_round_for_any_partnership(slug):
    defaults = load_pack(slug).round_defaults
    assert defaults.demonstration
    assert defaults.cap_for("unincorporated").most_pence == 5_000_00
    assert defaults.cap_for("cio").most_pence == 40_000_00
    assert defaults.cap_for("individual") is None
    assert sum(choice.weight for choice in defaults.criteria) == 100


@pytest.mark.parametrize("slug", SLUGS)
def test_every_form_that_may_apply_has_a_cap(slug):
    """A form left out of both caps would be refused with no reason given."""
    defaults = load_pack(slug).round_defaults
    without = {form.key for form in legal_forms() if defaults.cap_for(form.key) is None}
    assert without == {form.key for form in legal_forms() if form.can_apply == "no"}


def test_priority_four_may_explain_why_public_places_are_not_the_point(durham):
    public_space = next(choice for choice in durham.round_defaults.criteria if choice.key == "public_space")
    assert [exception.fundable for exception in public_space.may_not_apply_to] == ["4"]


def test_a_gap_is_false_empty_and_a_sentence():
    assert not Gap()
    assert list(Gap()) == []
    assert str(Gap()) == SILENT
    assert str(Gap(silent=False)) == UNRECORDED


def test_a_silent_document_and_an_empty_reading_are_told_apart():
    pack = load_pack("hertfordshire")
    assert str(pack.strategy.period) == SILENT
    assert str(pack.vision) == UNRECORDED
    assert load_pack("durham-darlington").definition.text.note.startswith("a local definition exists")


def test_national_facts_are_there():
    assert national().duty.in_force == dt.date(2023, 1, 31)
    assert [level.key for level in national().prevention_levels.levels] == ["primary", "secondary", "tertiary"]
    assert isinstance(national().prevention_levels.definitions, Gap)


def test_every_criterion_has_a_descriptor_for_each_mark():
    assert {len(criterion.descriptors) for criterion in criteria().values()} == {6}


def test_the_sha_follows_facts_and_ignores_comments(durham, changed):
    assert changed("# County Durham", "# Other words: County Durham").sha256 == durham.sha256
    assert changed("total_pounds: 700000", "total_pounds: 700001").sha256 != durham.sha256
    assert content_sha256({"a": 1, "b": 2}) == content_sha256({"b": 2, "a": 1})


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("vision:", "visoin:", r"durham-darlington\.yaml: visoin is not a key we know"),
        ("aim: not_recorded\n", "", r"durham-darlington\.yaml: aim is missing; write gap"),
        ("aim: not_recorded\n", "aim:\n", r"durham-darlington\.yaml: aim must be text"),
        ("most_pounds: 5000", "most_pounds: 5000.005", r"fund\.caps\[1\]\.most_pounds must be pounds and pence"),
        ("most_pounds: 5000", 'most_pounds: "5000"', r"fund\.caps\[1\]\.most_pounds must be a number"),
        ("most_pounds: 5000", "most_pounds: -1", r"fund\.caps\[1\]\.most_pounds must be pounds and pence"),
        ("most_pounds: 5000", "most_pounds: .nan", r"fund\.caps\[1\]\.most_pounds must be a number"),
        ("slug: durham-darlington", "slug: durham", r"slug must be the file's name"),
        ("schema_version: 1", "schema_version: 2", r"schema_version must be 1"),
        ("rounds_fund: priorities", "rounds_fund: wishes", r"rounds_fund names 'wishes'"),
        ("rounds_fund: priorities", "rounds_fund: outcomes", r"outcomes needs a code for each"),
        ('code: "2"', 'code: "1"', r"priorities holds 1 more than once"),
        ('code: "2"', "code: 2", r"priorities\[2\]\.code must be text, not 2"),
        ("[primary, secondary]", "[primary, fourth]", r"priorities 2\.prevention_levels_suggested names 'fourth'"),
        ("{key: need, weight: 20}", "{key: need, weight: 21}", r"criteria must have weights that add up to 100"),
        ("{key: need, weight: 20}", "{key: charm, weight: 20}", r"round_defaults\.criteria names 'charm'"),
        ("[unincorporated, casc]", "[unincorporated, guild]", r"round_defaults\.caps names 'guild'"),
        ("[unincorporated, casc]", "[unincorporated, cio]", r"round_defaults\.caps holds cio more than once"),
        ('- fundable: "4"', '- fundable: "9"', r"round_defaults\.criteria public_space names '9'"),
        ("{national: gap,", "{national: [HO9],", r"success_measures\.national names 'HO9'"),
        ("shape: long", "shape: round", r"needs\.table\.shape names 'round'"),
        ("aim: not_recorded\n", "aim: not_recorded\naim: gap\n", r"the key aim is there twice"),
        ("aim: not_recorded\n", "aim: [\n", r"cannot be read as YAML"),
        ("aim: not_recorded\n", "aim: !!python/object/apply:os.getcwd []\n", r"cannot be read as YAML"),
        ("as_of: 2026-11-21", "as_of: soon", r"as_of must be a date"),
        ("aim: not_recorded\n", "aim: gap\nsha256: abc\n", r"sha256 is worked out, not written"),
    ],
)
def test_a_wrong_pack_is_refused_with_file_and_key(changed, old, new, sentence):
    with pytest.raises(PackError, match=sentence):
        changed(old, new)


def test_an_unknown_partnership_is_refused_with_those_there_are():
    with pytest.raises(PackError, match=r"no strategy pack called '\.\./national'.*dorset"):
        load_pack("../national")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(PackError, match=r"surrey\.yaml: there is no such file"):
        read_pack(tmp_path / "surrey.yaml")


def test_a_file_without_keys_is_refused(tmp_path):
    shutil.copy(PACKS / "dorset.yaml", tmp_path)
    (tmp_path / "dorset.yaml").write_text("- just\n- a list\n", encoding="utf-8")
    with pytest.raises(PackError, match="must hold keys and values"):
        read_pack(tmp_path / "dorset.yaml")


def test_legal_forms_say_who_is_refused_and_who_needs_a_subsidy_check():
    assert legal_form("individual").can_apply == "no"
    assert [form.key for form in legal_forms() if form.needs_subsidy_check] == ["private_company"]
    assert legal_form("charity_company").registers == ("GB-CHC", "GB-COH")
    assert legal_form("unincorporated").cap_class == "non_registered"
    with pytest.raises(PackError, match="no legal form called 'guild'"):
        legal_form("guild")


def test_buckinghamshires_ward_totals_are_those_the_document_states():
    totals = {area: each.total for area, each in needs_by_area("buckinghamshire").items()}
    assert list(totals.values()) == [253, 202, 185, 134, 100, 98, 95, 89, 73, 72]
    north = needs_by_area("buckinghamshire")["Aylesbury North"]
    assert north.counts[0] == ("2018-19", 56)
    assert north.counts[-1] == ("2022-23", 41)
    assert (north.rank, north.rank_of, str(north.change_pct)) == (1, 10, "-26.8")
    assert "drug supply belongs to Group 2" in north.scope
    assert not north.invented


def test_durhams_figures_are_marked_invented_cover_every_place_and_hold_small_numbers():
    figures = needs("durham-darlington")
    assert all(figure.invented and "nvented" in figure.measure + figure.source for figure in figures)
    places = {area.name for area in areas("durham-darlington") if area.kind != "local authority"}
    assert {figure.area for figure in figures} == places
    assert {figure.period for figure in figures} == {"2018-19", "2019-20", "2020-21", "2021-22", "2022-23"}
    small = {figure.count for figure in figures if figure.count <= 7}
    assert small == set(range(8))


@pytest.mark.parametrize("slug", ["hertfordshire", "cambridgeshire-peterborough", "dorset"])
def test_no_wards_or_figures_are_made_up_where_the_document_has_none(slug):
    assert needs(slug) == ()
    assert needs_by_area(slug) == {}
    assert not [area for area in areas(slug) if area.kind == "ward"]
    assert areas(slug)


def test_darlington_places_are_labels_not_wards():
    kinds = {area.name: (area.kind, area.district) for area in areas("durham-darlington")}
    assert kinds["Darlington: Bank Top"] == ("place label", "Darlington")
    assert kinds["Durham City: town centre"] == ("place label", "County Durham")
    assert kinds["Peterlee East"] == ("ward", "County Durham")
    assert "Outside County Durham and Darlington" not in kinds


@pytest.mark.parametrize("slug", SLUGS)
def test_every_area_says_where_it_comes_from(slug):
    assert all(area.source for area in areas(slug))
