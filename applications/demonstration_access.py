"""What the demonstration shows of access needs: an answer that was spoken, its words typed down, and a round in Easy Read."""

import io
import math
import wave
from datetime import datetime

from fund.core import clock
from fund.tables import Person, Round

from .answers import answers_of, save_answer
from .easy_read import first_draft, write_easy_read
from .form_design import change_question, freeze_form, thaw_form
from .forms import current_form, form_of, questions_of
from .tables import Application, VoiceNote
from .voices import add_note, type_down

SPOKEN = ("Q1", "Q2")  # the questions of the open round that may be spoken
SAID = (
    "We run a drop-in above the shop on North Road. I started it three years ago with my sister. On a Friday we get about twenty "
    "lads who would be on the street. Last winter two of them were hurt in a fight and the police told us to keep going. We need "
    "somebody to be there on Saturdays too, because that is when it kicks off."
)

# The four priorities of the round in the officer's own words: the strategy's are hard to read.
EASIER = (
    "You can help young people aged 18 or under.\nSome of them get into fights or are drawn into crime.",
    "You can make nights out safer.\nPeople who drink too much may get violent.",
    "You can help young adults who have been violent.\nMost of them are men aged 18 to 35.",
    "You can help to stop violence at home.\nSome people use a knife to hurt their partner.",
)


def allow_voices(round: Round, officer: Person) -> None:
    """Let two questions of the round be answered by a voice note."""
    thaw_form(round, by=officer, now=clock.now())
    for row in questions_of(current_form(round)):
        if row.key in SPOKEN:
            change_question(row, by=officer, now=clock.now(), text=row.text, voice=True)
    freeze_form(round, by=officer, now=clock.now())


def speak_answer(application: Application, person: Person) -> VoiceNote:
    """The answer about need is said instead of written. What one hears is a made-up sound."""
    question = form_of(application).by_key["Q2"]
    seen = answers_of(application)["Q2"].version
    save_answer(application, question, None, seen, by=person, now=clock.now())
    return add_note(application, question, made_up_sound(), "about our need.wav", by=person, now=clock.now())


def write_down(note: VoiceNote, officer: Person, then: datetime) -> None:
    with clock.stand_still(then):
        type_down(note, SAID, note.version, by=officer, now=then)


def write_in_easy_words(round: Round, officer: Person) -> None:
    """An officer has looked at the first draft and made it easier, with a line of their own."""
    easier = iter(EASIER)
    lines = [
        {**line, "words": next(easier, line["words"])} if line["picture"] == "people" else line
        for line in first_draft(round)
    ]
    extra = {"picture": "speak", "words": "You can say your answers.\nYou can record your voice with your phone."}
    place = next(at for at, line in enumerate(lines) if line["picture"] == "form") + 1
    write_easy_read(round, [*lines[:place], extra, *lines[place:]], None, by=officer, now=clock.now())


def made_up_sound(seconds: int = 6, rate: int = 8_000) -> bytes:
    """A soft rising and falling tone as a WAV file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(rate)
        waves = (
            128 + 40 * math.sin(2 * math.pi * 220 * at / rate) * math.sin(math.pi * at / rate) ** 2
            for at in range(seconds * rate)
        )
        sound.writeframes(bytes(int(each) for each in waves))
    return out.getvalue()
