"""The sanctions list: read safely, versioned, old after thirty days; a near name holds a bid until somebody looks, and is no verdict."""

import io
import random
import time as watch
import zipfile

import pytest

from applications.sanctions import lists
from applications.sanctions.comparing import compare_with_list
from applications.sanctions.reading import MOST_BYTES, read_list
from applications.screening import find_eligible, record_check, record_machine_findings
from applications.signals import answering
from applications.tables import SanctionsList, SanctionsName
from fund.core import clock
from fund.core.problems import Problem
from tests.factories import applications as make_bid
from tests.factories import fund as make
from tests.kept import kept

UK_HEAD = "Last Updated,Unique ID,OFSI Group ID,UN Reference Number,Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Name type,Alias strength,Regime Name,Designation Type"
OFSI_HEAD = "Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Title,Name Non-Latin Script,Alias Type,Alias Quality,Regime,Listed On,UK Sanctions List Date Designated,Last Updated,Group Type,Group ID"


def uk(*rows: str, day: str = "02-Feb-2026") -> bytes:
    return "\r\n".join([f"Report Date: {day}", UK_HEAD, *rows]).encode("utf-8-sig")


def person(name: str, family: str, target: str = "RUS0001", name_type: str = "Primary Name") -> str:
    first, _, middle = name.partition(" ")
    return f"01/01/2026,{target},12345,,{family},{first},{middle},,,,{name_type},,The Made-up (Sanctions) Regulations,Individual"


def body(name: str, target: str = "INV0002") -> str:
    return f"01/01/2026,{target},12346,,{name},,,,,,Primary Name,,The Made-up (Sanctions) Regulations,Entity"


def zipped(content: bytes, name: str = "UK-Sanctions-List.csv", **more: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, what in ({name: content} | more).items():
            archive.writestr(each, what)
    return packed.getvalue()


@pytest.fixture
@kept
def round(database):
    return make_bid.open_round()


@pytest.fixture
@kept
def officer(round):
    return make.staff("fund_officer", round)


def group(round, name="Back Street Neighbours", signs="Viktor Andreyevich Sample"):
    lead = make.person("Ada Lead")
    organisation = make.organisation(lead, legal_form="unincorporated", name=name)
    people = [{"name": signs, "role": "Chair"}, {"name": "Kim Lee", "role": "Treasurer"}]
    return make_bid.submitted(lead, round, organisation=organisation, signatories=people)


def listed(bid) -> list[str]:
    return [each.lines_of(None)[0] for each in answering.signals_of(bid) if each.signal.kind == "sanctions"]


# Reading -----------------------------------------------------------------------------------------------------------------


def test_both_published_layouts_are_read_with_their_date():
    found = read_list(
        uk(person("Viktor", "SAMPLE"), person("Vitya", "SAMPLE", name_type="Alias"), body("INVENTED STEEL LLC"))
    )
    assert (found.source, found.dated_on.isoformat(), len(found.names)) == ("uk", "2026-02-02", 3)
    assert [(each.kind, each.name, each.name_type) for each in found.names] == [
        ("person", "Viktor SAMPLE", "Primary Name"),
        ("person", "Vitya SAMPLE", "Alias"),
        ("organisation", "INVENTED STEEL LLC", "Primary Name"),
    ]
    row = "SAMPLE,Viktor,,,,,Mr,,Primary name,Good quality,Made-up,01/01/2020,01/01/2020,02/01/2020,Individual,12345"
    older = read_list(f"Last Updated,27/01/2026\r\n{OFSI_HEAD}\r\n{row}\r\n".encode())
    assert (older.source, older.dated_on.isoformat(), older.names[0].target) == ("ofsi", "2026-01-27", "12345")


def test_a_zip_file_with_the_csv_is_read_as_well():
    assert len(read_list(zipped(uk(person("Viktor", "SAMPLE")))).names) == 1


def test_the_same_name_of_one_target_is_kept_once():
    assert len(read_list(uk(*[person("Viktor", "SAMPLE")] * 5, person("VIKTOR", "Sample"))).names) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no sanctions list"),
        (b"a,b\n1,2\n", "no sanctions list"),
        (b"<?xml version='1.0'?><x/>", "no sanctions list"),
        (b"\xff\xfe\x00x", "not in UTF-8"),
        (UK_HEAD.encode() + b"\r\n" + person("A", "B").encode(), "does not say its date"),
        (uk(day="31-Feb-2026"), "no name"),
        (uk(person("A", "B"), day="31-Feb-2026"), "does not say its date"),
        (uk(), "no name"),
        (b"PK\x03\x04 broken", "cannot be opened"),
        (zipped(b"x", "list.txt"), "nothing else"),
        (zipped(uk(person("A", "B")), more=b"1"), "nothing else"),
        (b"x" * (MOST_BYTES + 1), "larger than 12 MB"),
        (b"PK\x03\x04" + b"\x00" * 100, "cannot be opened"),
        (uk(f'"{"x" * 200_000}",1'), "no sanctions list"),
    ],
)
def test_hostile_and_broken_files_are_refused_whole(round, officer, content, said):
    with pytest.raises(Problem, match=said):
        lists.read_file(round.fund.partnership, content, by=officer, now=clock.now())
    assert SanctionsList.query.count() == SanctionsName.query.count() == 0


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    with pytest.raises(Problem, match="larger than any sanctions list"):
        read_list(zipped(b"\0" * (121 * 1024 * 1024)))


# Versions ----------------------------------------------------------------------------------------------------------------


def test_a_later_list_replaces_the_one_before_and_an_older_one_is_refused(round, officer):
    partnership = round.fund.partnership
    lists.read_file(partnership, uk(person("Viktor", "SAMPLE"), day="01-Jan-2026"), by=officer, now=clock.now())
    lists.read_file(partnership, uk(person("Ivan", "SAMPLE"), day="02-Feb-2026"), by=officer, now=clock.now())
    assert [(row.dated_on.isoformat(), row.replaced_at is None) for row in lists.lists_of(partnership)] == [("2026-02-02", True), ("2026-01-01", False)]  # fmt: skip
    assert [row.name for row in SanctionsName.query] == ["Ivan SAMPLE"]
    with pytest.raises(Problem, match="A later one is here already"):
        lists.read_file(partnership, uk(person("A", "B"), day="01-Feb-2026"), by=officer, now=clock.now())
    with pytest.raises(Problem, match="still to come"):
        lists.read_file(partnership, uk(person("A", "B"), day="04-Feb-2026"), by=officer, now=clock.now())
    assert lists.current_list(make.partnership().id) is None


def test_a_list_is_old_after_thirty_days(round, officer, time):
    row = lists.read_file(round.fund.partnership, uk(person("A", "B"), day="03-Feb-2026"), by=officer, now=clock.now())
    time.move(days=30)
    assert lists.warning_about(row, clock.now()) == ""
    time.move(days=1)
    assert "older than 30 days" in lists.warning_about(row, clock.now())
    assert "No sanctions list" in lists.warning_about(None, clock.now())


# Comparing ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signs", "entry", "is_near"),
    [
        ("Viktor Sample", person("Viktor", "SAMPLE"), True),
        ("Viktor Sampel", person("Viktor", "SAMPLE"), True),
        ("Viktor Sample", person("Viktor Andreyevich", "SAMPLE"), True),
        ("Sample, Viktor", person("Viktor", "SAMPLE"), True),
        ("Víktor Sample", person("Viktor", "SAMPLE"), True),
        ("Viktor Simpson", person("Viktor", "SAMPLE"), False),
        ("Viktor", person("Viktor", "SAMPLE"), False),
        ("Viktor Sample", body("VIKTOR SAMPLE"), False),
    ],
)
def test_people_are_compared_with_people(round, officer, signs, entry, is_near):
    lists.read_file(round.fund.partnership, uk(entry), by=officer, now=clock.now())
    assert bool(listed(group(round, signs=signs))) is is_near


@pytest.mark.parametrize(
    ("name", "entry", "is_near"),
    [
        ("Invented Steel Ltd", body("INVENTED STEEL LLC"), True),
        ("Invented Stel Ltd", body("INVENTED STEEL LLC"), True),
        ("Invented Youth", body("INVENTED STEEL LLC"), False),
        ("Viktor Sample", person("Viktor", "SAMPLE"), False),
    ],
)
def test_organisations_are_compared_with_organisations(round, officer, name, entry, is_near):
    lists.read_file(round.fund.partnership, uk(entry), by=officer, now=clock.now())
    assert bool(listed(group(round, name, signs="Ann Other"))) is is_near


def test_a_near_name_holds_the_bid_until_somebody_has_looked_and_is_no_verdict(round, officer):
    lists.read_file(round.fund.partnership, uk(person("Viktor", "SAMPLE")), by=officer, now=clock.now())
    bid = group(round, signs="Viktor Sample")
    record_machine_findings(bid, by=officer, now=clock.now())
    with pytest.raises(Problem, match="Near a name on the sanctions list"):
        find_eligible(bid, by=officer, now=clock.now())
    (shown,) = [each for each in answering.signals_of(bid) if each.signal.kind == "sanctions"]
    assert "per cent like" in shown.signal.facts["says"]
    answering.answer_signal(shown, "fine", "Another year of birth: ours is 19.", by=officer, now=clock.now())
    record_machine_findings(bid, by=officer, now=clock.now())
    record_check(bid, "group", "pass", "Two people, not related.", by=officer, now=clock.now())
    find_eligible(bid, by=officer, now=clock.now())
    assert bid.status == "eligible"
    lists.read_file(
        round.fund.partnership, uk(person("Viktor", "SAMPLE"), day="03-Feb-2026"), by=officer, now=clock.now()
    )
    assert compare_with_list(round.fund.partnership, now=clock.now()) == 0
    assert [each.is_open for each in answering.signals_of(bid) if each.signal.kind == "sanctions"] == [False]


# Pages -------------------------------------------------------------------------------------------------------------------


def send(client, page: str, content: bytes, name: str = "list.csv"):
    return client.post(page, data={"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def test_an_officer_reads_a_list_and_the_bids_under_way_are_compared(round, officer, as_):
    bid = group(round, signs="Viktor Sample")
    assert listed(bid) == []
    client, page = as_(officer), f"/office/partnerships/{round.fund.partnership_id}/sanctions-list"
    assert "No sanctions list was read yet" in client.get(page).text
    assert "Choose the CSV" in client.post(page).text
    assert "no sanctions list" in send(client, page, b"a,b\n1,2").text
    assert send(client, page, zipped(uk(person("Viktor", "SAMPLE"), body("<script>x</script> LLC"))), "list.zip").status_code == 302  # fmt: skip
    text = client.get(page).text
    assert "2 names are read" in text
    assert "1 new to look at." in text
    assert listed(bid) == ["Viktor SAMPLE, RUS0001 (Primary Name, The Made-up (Sanctions) Regulations)"]
    assert "Near a name on the sanctions list" in client.get(f"/office/rounds/{round.id}/signals").text


def test_only_officers_of_the_partnership_read_a_list(round, as_):
    page = f"/office/partnerships/{round.fund.partnership_id}/sanctions-list"
    auditor = as_(make.staff("auditor", round))
    assert "Read a list" not in auditor.get(page).text
    assert send(auditor, page, uk(person("A", "B"))).status_code == 403
    for who in (make.person(), make.staff("fund_officer", make.round()), make.staff("evaluator", round)):
        assert as_(who).get(page).status_code in (403, 404)
        assert send(as_(who), page, uk(person("A", "B"))).status_code in (403, 404)
    assert SanctionsList.query.count() == 0


def test_twenty_thousand_names_are_compared_in_a_moment(round, officer):
    """A third of the published list: read, then one bid compared with it, in the process's own time."""
    dice = random.Random(3)
    syllables = ("ka", "lo", "mir", "dan", "sto", "vich", "el", "bur", "ash", "nov", "tes", "im")

    def word() -> str:
        return "".join(dice.choices(syllables, k=3)).title()

    rows = [person(f"{word()} {word()}", word(), f"T{number // 3}") for number in range(20_000)]
    lists.read_file(round.fund.partnership, uk(*rows), by=officer, now=clock.now())
    group(round, "First Group", signs="Jo Bell")
    began = watch.process_time()
    group(round, "Second Walkers", signs="Sam Reed")
    assert watch.process_time() - began < 1
