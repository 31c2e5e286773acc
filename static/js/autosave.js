// Saves the answer while one types, and keeps it on this device until the server has it. The page works without this script.
import "./words.js";
import { forget, keep, kept } from "./kept.js";

const form = document.querySelector("[data-autosave]");
const status = form?.querySelector("[data-saved]");
const since = form?.querySelector("[data-saved-ago]");
const path = location.pathname;
const device = matchMedia("(pointer: coarse) and (max-width: 40em)").matches ? "phone" : "device";
const OFFLINE = `You are offline. We are keeping what you write on this ${device}.`;
const OF_THE_PAGE = ["csrf_token", "version", "go", "page", "turn"];
const WAIT = 1500;
const NO_ANSWER = 20000; // a save that hears nothing for so long is made again
const PATIENCE = 4000; // so long a pressed button waits for a save under way
let timer = null;
let saving = null;
let savedAt = null;
let stopped = false;
let goingOn = false;
let holding = false; // what is kept here has no place on this page yet: it must not be written over

const typed = () => [...new FormData(form)].filter(([name]) => !OF_THE_PAGE.includes(name));
const say = (text) => {
  if (status && status.textContent !== text) status.textContent = text;
  if (since) since.textContent = "";
};
const hidden = (name) => form.elements[name]?.value;

function keepHere(sent) {
  if (holding) return;
  keep(path, { fields: typed(), version: hidden("version"), page: hidden("page"), turn: hidden("turn"), sent, at: Date.now() });
}

// Each save has a number higher than the one before: the server knows which of two texts of this page is the newer.
function nextTurn() {
  if (form.elements.turn) form.elements.turn.value = Number(hidden("turn")) + 1;
}

// With a weak signal neither an answer nor an error may ever come.
async function ask(body, leaving) {
  const giveUp = new AbortController();
  const waiting = setTimeout(() => giveUp.abort(), NO_ANSWER);
  try {
    return await fetch(form.action, {
      method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual", keepalive: leaving, signal: giveUp.signal,
    });
  } finally { clearTimeout(waiting); }
}

async function save(leaving = false) {
  clearTimeout(timer);
  timer = null;
  if (saving) { await saving; }
  if (stopped || holding) return;
  nextTurn();
  keepHere(false);
  const sent = JSON.stringify(typed());
  const mine = send(sent, leaving);
  saving = mine;
  await mine;
  if (saving === mine) saving = null;
}

async function send(sent, leaving) {
  let answer;
  try {
    answer = await ask(new FormData(form), leaving);
  } catch {
    if (leaving) return;
    say(OFFLINE);
    if (!timer && !goingOn) timer = setTimeout(save, NO_ANSWER / 2);
    return;
  }
  if (answer.type === "opaqueredirect" || answer.status === 400) {
    say(`You are signed out, or this page is old. We are keeping what you write on this ${device}. Reload the page to save it.`);
    return;
  }
  const body = await answer.json().catch(() => ({}));
  if (answer.ok) {
    const wasOffline = status?.textContent.startsWith("You are");
    form.elements.version.value = body.version;
    savedAt = Date.now();
    if (JSON.stringify(typed()) === sent) forget(path); else keepHere(false);
    say(wasOffline ? "Sent. Nothing was lost." : "Saved");
    sayHowLongAgo();
  } else if (body.stale) {
    stopped = true;
    say(`${body.error} Choose “${form.querySelector("button[name=go]").textContent.trim()}” to see both texts.`);
  } else {
    say(body.error ? `Not saved yet: ${body.error}` : `Not saved yet. We are keeping what you write on this ${device}.`);
  }
}

function sayHowLongAgo() {
  if (!since || !savedAt || status.textContent !== "Saved") return;
  const seconds = Math.round((Date.now() - savedAt) / 1000);
  const minutes = Math.round(seconds / 60);
  since.textContent = seconds < 2 ? "just now"
    : seconds < 60 ? `${seconds} seconds ago`
      : `${minutes} ${minutes === 1 ? "minute" : "minutes"} ago`;
}

function bringBack() {
  if (form.dataset.autosave === "typed") { // the answer to a post shows what was typed, a line more or less: it goes before
    keepHere(false);
    if (!document.querySelector(".govuk-error-summary")) timer = setTimeout(save, WAIT);
    return;
  }
  if (new URLSearchParams(location.search).has("theirs")) { // of two texts the other one was chosen
    forget(path);
    history.replaceState(null, "", path);
  }
  const mine = kept(path);
  if (!mine) return;
  if (JSON.stringify(mine.fields) === JSON.stringify(typed())) {
    forget(path);
    return;
  }
  if (mine.version) form.elements.version.value = mine.version; // changed from elsewhere since: the server shows both texts
  if (mine.page && form.elements.page) {
    form.elements.page.value = mine.page;
    form.elements.turn.value = mine.turn;
  }
  const places = new Set([...form.elements].map((field) => field.name));
  if (mine.fields.some(([name, value]) => value.trim() && !places.has(name))) {
    sendKept(mine);
    return;
  }
  const left = [...mine.fields];
  for (const field of form.elements) {
    if (!field.name || [...OF_THE_PAGE, "add", "remove"].includes(field.name)) continue;
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = left.some(([name, value]) => name === field.name && value === field.value);
    } else {
      const at = left.findIndex(([name]) => name === field.name);
      if (at >= 0) { field.value = left[at][1]; left.splice(at, 1); }
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  say(`We kept what you wrote on this ${device} and brought it back.`);
}

// More lines are kept than this page has boxes for: the server takes them first, and the page is shown anew with them.
async function sendKept(mine) {
  holding = true;
  say(`We kept what you wrote on this ${device}. We are sending it now.`);
  nextTurn();
  const whole = document.createElement("form");
  whole.method = "post";
  whole.action = form.action;
  whole.hidden = true;
  const own = OF_THE_PAGE.filter((name) => name !== "go").map((name) => [name, hidden(name) ?? ""]);
  for (const [name, value] of [...own, ["go", "return"], ...mine.fields]) {
    const box = document.createElement("textarea");
    box.name = name;
    box.value = value;
    whole.append(box);
  }
  document.body.append(whole);
  let answer;
  try {
    answer = await ask(new FormData(whole), false);
  } catch {
    say(`${OFFLINE} Open this page again when you are online: what you wrote comes back.`);
    return;
  }
  if (answer.ok) {
    forget(path);
    location.reload();
  } else if (answer.type === "opaqueredirect" || answer.status === 400) {
    say(`You are signed out, or this page is old. We are keeping what you wrote on this ${device}. Reload the page to save it.`);
  } else {
    whole.submit(); // the server shows both texts, or what is wrong with these
  }
}

const pause = (length) => new Promise((go) => setTimeout(go, length));

// The button's own way on, once the save under way is over, or has had its time: the server takes the higher turn.
async function goOnAfterSaving(button) {
  if (goingOn) return;
  goingOn = true;
  say("Saving, then going on …");
  const until = Date.now() + PATIENCE;
  while (saving && Date.now() < until) await Promise.race([saving, pause(until - Date.now())]);
  saving = null;
  goingOn = false;
  form.requestSubmit(button);
}

// A press that led nowhere is no first half of a double click.
// The buttons' own guard hears nothing of the next press within its second.
function letPressAgain() {
  const until = Date.now() + 1000;
  form.addEventListener("click", (event) => { if (Date.now() < until) event.stopPropagation(); }, { capture: true, once: true });
}

// Going back may show this page as it was left: its button was pressed, or a save of it never heard its answer.
function wakeUp(event) {
  if (!event.persisted) return;
  stopped = false;
  saving = null;
  goingOn = false;
  if (kept(path)) timer = setTimeout(save, WAIT);
}

if (form) {
  form.addEventListener("input", () => {
    keepHere(false);
    clearTimeout(timer);
    timer = setTimeout(save, WAIT);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    timer = null;
    if (saving) {
      event.preventDefault();
      goOnAfterSaving(event.submitter);
      return;
    }
    stopped = true;
    nextTurn();
    if (navigator.onLine === false) {
      event.preventDefault();
      stopped = false;
      keepHere(false);
      say(OFFLINE);
      letPressAgain();
    } else {
      keepHere(true);
    }
  });
  addEventListener("offline", () => say(OFFLINE));
  addEventListener("online", () => (kept(path) ? save() : say("")));
  // Somebody puts the phone away or closes the tab before the pause after typing is over.
  document.addEventListener("visibilitychange", () => { if (document.hidden && timer) save(true); });
  addEventListener("pageshow", wakeUp);
  setInterval(sayHowLongAgo, 1000);
  bringBack();
}
