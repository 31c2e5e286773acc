"""A tiny sanctions list for the demonstration, in the layout of the published one. Every name in it is made up."""

from datetime import date

HEADINGS = "Last Updated,Unique ID,OFSI Group ID,UN Reference Number,Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Name type,Alias strength,Regime Name,Designation Type"
REGIME = "MADE UP for the demonstration"
# Number, family name or whole name, first name, kind of name, kind of target.
ROWS = (
    ("DEMO0001", "ELLIOT", "Nadja", "Primary Name", "Individual"),
    ("DEMO0001", "ELIOTT", "Nadya", "Alias", "Individual"),
    ("DEMO0002", "QUILLFEATHER", "Octavian", "Primary Name", "Individual"),
    ("DEMO0003", "INVENTED HARBOUR TRADING LLC", "", "Primary Name", "Entity"),
    ("DEMO0004", "NEVER SAILED", "", "Primary Name", "Ship"),
)


def made_up_list(day: date) -> bytes:
    """The file as if it were published that day."""
    rows = [
        f"{day:%d/%m/%Y},{number},,,{family},{first},,,,,{kind},,{REGIME},{target}"
        for number, family, first, kind, target in ROWS
    ]
    return "\r\n".join([f"Report Date: {day:%d-%b-%Y}", HEADINGS, *rows, ""]).encode()
