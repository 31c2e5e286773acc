"""Files and a voice on their way: a line for each file, a recording heard before it is sent, an Easy Read page on a phone."""

import base64

import pytest

from tests.factories import sounds, uploads

from .story import says

pytestmark = pytest.mark.journey

# A microphone that hums, and a recorder that hands on a WebM file of two seconds: a browser without sound has neither.
MICROPHONE = """() => {
    const bytes = Uint8Array.from(atob("%s"), (letter) => letter.charCodeAt(0));
    navigator.mediaDevices.getUserMedia = async () => ({ getTracks: () => [{ stop() {} }] });
    window.MediaRecorder = class {
        static isTypeSupported(type) { return type === "audio/webm"; }
        constructor() { this.mimeType = "audio/webm"; this.state = "inactive"; }
        start() { this.state = "recording"; }
        stop() {
            this.state = "inactive";
            this.ondataavailable({ data: new Blob([bytes], { type: this.mimeType }) });
            this.onstop();
        }
    };
}"""


def draft_of(visitor) -> str:
    visitor.go("/applications").follow("main a[href^='/applications/']")
    return visitor.page.url.removeprefix(visitor.site.address)


def test_every_file_has_its_own_line_and_the_good_ones_stay(visit):
    amina = visit("lead")
    here = draft_of(amina)
    amina.go(f"{here}/questions/documents")
    page = amina.page
    page.get_by_label("What is it?").select_option(index=1)
    files = [("our rules.pdf", uploads.pdf()), ("<b>bad</b>.exe", b"MZ"), ("club.jpg", uploads.photo())]
    page.locator("input[name=files]").set_input_files(
        [{"name": name, "mimeType": "application/pdf", "buffer": content} for name, content in files]
    )
    page.locator("#upload-form button").click()
    page.get_by_text("2 of 3 files are added.").wait_for()
    lines = page.locator("[data-upload-files] li")
    assert [each.split("\n")[-1] for each in lines.all_inner_texts()] == ["Added", "Not added", "Added"]
    assert page.locator("[data-upload-files] b").count() == 0, "a file's name is never markup"
    assert page.evaluate("document.activeElement.matches('[data-upload-status]')"), "what went wrong is read aloud"
    assert page.locator("[data-upload-status]").get_attribute("aria-live") == "polite"
    amina.said.clear()  # the browser notes the refused file
    amina.press("Show what is in your bid")
    says(amina, "our rules.pdf", "club.jpg")


def test_an_answer_is_recorded_heard_and_sent(visit):
    amina = visit("lead")
    here = draft_of(amina)
    amina.go(f"{here}/questions/Q2")
    page = amina.page
    page.evaluate(MICROPHONE % base64.b64encode(sounds.webm()).decode())
    page.get_by_role("button", name="Record your answer").click()
    page.get_by_role("button", name="Stop recording").click()
    page.locator("[data-heard]").wait_for()
    assert "Listen to it" in page.locator("[data-voice-status]").inner_text()
    address = "**/questions/Q2/voice"
    page.route(address, lambda route: route.fulfill(status=200, content_type="text/html", body="Sign in"))
    page.get_by_role("button", name="Add the voice note").click()
    page.get_by_role("link", name="Save the recording on this device").wait_for()
    assert "you may be signed out" in page.locator("[data-voice-status]").inner_text()
    page.unroute(address)
    page.wait_for_timeout(1100)  # a second click within a second counts as a double click and does nothing
    amina.said.clear()  # two seconds of made-up bytes play nothing
    amina.press("Add the voice note")
    says(amina, "2 seconds", "Put another recording in its place")


def test_the_easy_read_page_is_one_tap_from_the_round(visit):
    somebody = visit().go("/")
    with somebody.page.expect_navigation():
        somebody.page.get_by_role("link", name="open round").first.click()
    somebody.press("Easy Read: short words and pictures")
    says(somebody, "One person alone cannot ask.", "You can say your answers.")
