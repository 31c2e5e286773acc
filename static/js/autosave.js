// Saves the answer while one types, and keeps it on this device until the server has it. The page works without this script.
import "./words.js";
import { forget, keep, kept } from "./kept.js";

const form = document.querySelector("[data-autosave]");
const status = form?.querySelector("[data-saved]");
const path = location.pathname;
const WAIT = 1500;
let timer = null;
let saving = null;
let savedAt = null;
let stopped = false;

const typed = () => [...new FormData(form)].filter(([name]) => !["csrf_token", "version", "go"].includes(name));
const say = (text) => { if (status && status.textContent !== text) status.textContent = text; };

const keepHere = (sent) => keep(path, { fields: typed(), version: form.elements.version.value, sent, at: Date.now() });

async function save() {
  clearTimeout(timer);
  if (saving) { await saving; }
  if (stopped) return;
  const sent = JSON.stringify(typed());
  saving = (async () => {
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, redirect: "manual" });
    } catch {
      say("You are offline. We are keeping what you write on this device.");
      return;
    }
    if (answer.type === "opaqueredirect" || answer.status === 400) {
      say("You are signed out, or this page is old. We are keeping what you write on this device. Reload the page to save it.");
      return;
    }
    const body = await answer.json().catch(() => ({}));
    if (answer.ok) {
      const wasOffline = status?.textContent.startsWith("You are");
      form.elements.version.value = body.version;
      savedAt = Date.now();
      if (JSON.stringify(typed()) === sent) forget(path); else keepHere(false);
      say(wasOffline ? "Sent. Nothing was lost." : "Saved just now");
    } else if (body.stale) {
      stopped = true;
      say(`${body.error} Choose “Save and continue” to see both texts.`);
    } else {
      say(body.error ? `Not saved yet: ${body.error}` : "Not saved yet. We are keeping what you write on this device.");
    }
  })();
  await saving;
  saving = null;
}

function bringBack() {
  const mine = kept(path);
  if (!mine) return;
  if (JSON.stringify(mine.fields) === JSON.stringify(typed())) {
    if (!document.querySelector(".govuk-error-summary")) forget(path); // a page with mistakes is not saved yet
    return;
  }
  if (mine.version) form.elements.version.value = mine.version; // changed by somebody else since: the server shows both texts
  const left = [...mine.fields];
  for (const field of form.elements) {
    if (!field.name || ["csrf_token", "version", "go", "add", "remove"].includes(field.name)) continue;
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = left.some(([name, value]) => name === field.name && value === field.value);
    } else {
      const at = left.findIndex(([name]) => name === field.name);
      if (at >= 0) { field.value = left[at][1]; left.splice(at, 1); }
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  say("We kept what you wrote on this device and brought it back.");
}

if (form) {
  form.addEventListener("input", () => {
    keepHere(false);
    clearTimeout(timer);
    timer = setTimeout(save, WAIT);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (saving) {
      event.preventDefault();
      const button = event.submitter;
      saving.finally(() => form.requestSubmit(button));
      return;
    }
    stopped = true;
    if (navigator.onLine === false) {
      event.preventDefault();
      stopped = false;
      keepHere(false);
      say("You are offline. We are keeping what you write on this device.");
    } else {
      keepHere(true);
    }
  });
  addEventListener("online", save);
  setInterval(() => {
    if (savedAt && status?.textContent.startsWith("Saved")) {
      const seconds = Math.round((Date.now() - savedAt) / 1000);
      say(seconds < 60 ? `Saved ${seconds} seconds ago` : `Saved ${Math.round(seconds / 60)} minutes ago`);
    }
  }, 5000);
  bringBack();
}
