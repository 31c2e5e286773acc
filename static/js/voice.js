// Records an answer with the microphone and sends it as a file. Without this script people add a recording from their device.
const form = document.querySelector("#voice-form");
const record = form?.querySelector("[data-record]");
const status = form?.querySelector("[data-voice-status]");
const start = record?.querySelector("[data-start]");
const stop = record?.querySelector("[data-stop]");
const heard = record?.querySelector("[data-heard]");
const ENDINGS = { "audio/webm": "webm", "audio/mp4": "m4a", "audio/ogg": "ogg" };
let recorder = null;
let taken = null;

const say = (text, wrong = false) => {
  status.textContent = text;
  status.classList.toggle("govuk-error-message", wrong);
};
const spoken = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

async function begin() {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    say("We cannot use your microphone. Allow it in your browser, or add a recording from this device.", true);
    return;
  }
  const type = Object.keys(ENDINGS).find((each) => MediaRecorder.isTypeSupported(each));
  const most = Number(record.dataset.mostSeconds);
  const pieces = [];
  let seconds = 0;
  recorder = new MediaRecorder(stream, { ...(type && { mimeType: type }), audioBitsPerSecond: 32_000 });
  recorder.ondataavailable = (event) => pieces.push(event.data);
  const clock = setInterval(() => {
    seconds += 1;
    if (seconds >= most) recorder.stop();
    // Said aloud by screen readers only now and then: they would talk over the speaker.
    else if (seconds % 30 === 0 || seconds === 1) say(`Recording: ${spoken(seconds)} of ${spoken(most)}`);
  }, 1000);
  recorder.onstop = () => {
    clearInterval(clock);
    stream.getTracks().forEach((track) => track.stop());
    const kind = (recorder.mimeType || type || "audio/webm").split(";")[0];
    taken = new File(pieces, `answer.${ENDINGS[kind] || "webm"}`, { type: kind });
    heard.src = URL.createObjectURL(taken);
    heard.hidden = false;
    stop.hidden = true;
    start.hidden = false;
    start.textContent = "Record it again";
    say(`Recorded ${spoken(seconds)}. Listen to it, then choose “Add the voice note”.`);
    start.focus();
  };
  recorder.start(1000);
  taken = null;
  heard.hidden = true;
  start.hidden = true;
  stop.hidden = false;
  stop.focus();
  say("Recording. Speak now.");
}

// What was said is not said twice: it can be saved on the device and added from there later.
function keepHere(sentence) {
  say(`${sentence} `, true);
  status.append(Object.assign(document.createElement("a"), {
    href: heard.src, download: taken.name, className: "govuk-link", textContent: "Save the recording on this device",
  }));
}

async function send(event) {
  if (!taken || form.elements.recording.files.length) return;
  event.preventDefault();
  const data = new FormData(form);
  data.set("recording", taken);
  const button = form.querySelector("button:not([type=button])");
  button.disabled = true;
  say("Sending your voice note");
  try {
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
    const body = await answer.json().catch(() => ({}));
    if (answer.ok && body.saved) { location.reload(); return; } // a sign-in page answers well, too, and has kept nothing
    keepHere(body.error || "The voice note was not sent: you may be signed out. Sign in again in another window and try again.");
  } catch {
    keepHere("You are offline, so the voice note was not sent. It is still here: keep this page open and try again.");
  }
  button.disabled = false;
}

if (record && navigator.mediaDevices?.getUserMedia && window.MediaRecorder) {
  record.hidden = false;
  start.addEventListener("click", begin);
  stop.addEventListener("click", () => recorder?.state === "recording" && recorder.stop());
  form.addEventListener("submit", send);
  addEventListener("beforeunload", (event) => { if (recorder?.state === "recording") event.preventDefault(); });
}
