// The assessing page, or the calibration bid's, while somebody works: saves each criterion as it is written, adds up the total, keys 0-5, n and p.
// Without this script the page's own buttons do all of it.
const form = document.querySelector("form[data-open]");
const every = [...document.querySelectorAll("[data-criterion]")];
const sections = form ? every : [];
const KEEP = `unsent:${location.pathname}`;
let now = -1; // no criterion yet: the first n goes to the first
let leaving = false; // one of the page's own buttons was pressed: it sends everything, so nothing saves beside it

const radios = (section) => [...section.querySelectorAll("input[type=radio]")];
const chosen = (section) => radios(section).find((radio) => radio.checked)?.value ?? "";
const reason = (section) => section.querySelector("textarea");
const version = (section) => section.querySelector("input[name^=version-]");

function say(section, words, wrong = false) {
  const place = section.querySelector("[data-saved]");
  place.textContent = words;
  place.classList.toggle("assess__saved--wrong", wrong);
}

function total() {
  let points = 0;
  let weight = 0;
  for (const section of sections) {
    const mark = chosen(section);
    if (mark === "na") continue;
    weight += Number(section.dataset.weight);
    points += Number(mark || 0) * Number(section.dataset.weight);
  }
  // Halves go up, in whole tenths, as the server's one scoring function does it.
  const tenths = weight ? Math.floor((points * 1000 * 2 + 5 * weight) / (2 * 5 * weight)) : 0;
  const place = form.querySelector("[data-total]"); // the calibration bid counts for nothing, so its page has none
  if (place) place.textContent = weight ? (tenths / 10).toFixed(1) : "–";
}

// What was not sent yet is kept on this device until it is: also when the window is closed without a network.
function unsent() {
  try { return JSON.parse(localStorage.getItem(KEEP)) || {}; } catch { return {}; }
}

function store(kept) {
  try {
    if (Object.keys(kept).length) localStorage.setItem(KEEP, JSON.stringify(kept));
    else localStorage.removeItem(KEEP);
  } catch { /* no room on this device: the server still saves */ }
}

function keep(section) {
  store({ ...unsent(), [section.dataset.criterion]: { mark: chosen(section), reason: reason(section).value, version: version(section).value } });
}

// Only what was sent leaves the device: words typed while it was on its way stay.
function forget(section, sent) {
  const kept = unsent();
  const mine = kept[section.dataset.criterion];
  if (mine && (!sent || (mine.mark === sent.mark && mine.reason === sent.reason))) delete kept[section.dataset.criterion];
  store(kept);
}

async function save(section) {
  clearTimeout(section.waiting);
  if (leaving) return;
  if (section.asking) { keep(section); return; } // two texts stand here: nothing goes over the other one before a choice
  if (section.sending) { section.again = true; return; }
  section.again = false;
  section.sending = send(section);
  await section.sending;
  section.sending = null;
  if (section.again) save(section);
}

async function send(section) {
  const id = section.dataset.criterion;
  const sent = { mark: chosen(section), reason: reason(section).value };
  const body = new URLSearchParams({
    csrf_token: form.elements.csrf_token.value,
    [`mark-${id}`]: sent.mark,
    [`reason-${id}`]: sent.reason,
    [`version-${id}`]: version(section).value,
  });
  try {
    const answer = await fetch(section.dataset.save, { method: "POST", body, headers: { Accept: "application/json" } });
    const told = await answer.json();
    if (answer.ok) {
      version(section).value = told.version;
      say(section, "Saved");
      forget(section, sent);
    } else if (answer.status === 409 && told.theirs) {
      both(section, told);
    } else {
      say(section, told.error || "This was not saved. Try the Save button.", true);
    }
  } catch {
    keep(section);
    say(section, "You are offline. We keep what you write on this device and send it later.", true);
    section.waiting = setTimeout(() => save(section), 10000);
  }
}

// A save under way raises the version: a button pressed meanwhile waits for it, or the page would look changed by somebody else.
async function leave(event) {
  leaving = true;
  for (const section of sections) clearTimeout(section.waiting);
  const busy = sections.filter((section) => section.sending);
  if (!busy.length) return;
  event.preventDefault();
  const button = event.submitter;
  for (const section of busy) say(section, "Saving, then going on …");
  // A save that hears no answer on a weak signal does not hold the button for ever.
  const patience = new Promise((go) => setTimeout(go, 4000));
  await Promise.race([Promise.all(busy.map((section) => section.sending)), patience]);
  for (const section of busy) section.sending = null;
  form.requestSubmit(button);
}

function both(section, told) {
  const theirs = told.theirs;
  section.asking = true;
  section.querySelector(".assess__both")?.remove();
  const box = document.createElement("div");
  box.className = "govuk-inset-text assess__both";
  const words = document.createElement("p");
  words.className = "govuk-body-s fund-prose";
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "Saved in the other window");
  const mark = theirs.not_applicable ? "does not apply" : theirs.mark === null ? "no mark" : `mark ${theirs.mark}`;
  words.textContent = `Saved in the other window: ${mark}. ${theirs.reason || ""}`;
  box.append(words, choice("Keep what I typed here", () => settle()), choice("Use the other one", () => settle(theirs)));
  reason(section).closest(".govuk-form-group").before(box);
  say(section, told.error, true);

  // Only a choice takes the other's version on: a button of the page pressed before it shows both texts again.
  function settle(other) {
    section.asking = false;
    version(section).value = theirs.version;
    if (other) {
      reason(section).value = other.reason || "";
      for (const radio of radios(section)) radio.checked = radio.value === (other.not_applicable ? "na" : String(other.mark));
    }
    box.remove();
    total();
    save(section);
  }
}

function choice(words, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "govuk-button govuk-button--secondary";
  button.textContent = words;
  button.addEventListener("click", act);
  return button;
}

function go(step) {
  now = Math.min(Math.max(now + step, 0), sections.length - 1);
  mark(sections[now]);
  sections[now].scrollIntoView({ block: "start" });
  (radios(sections[now]).find((radio) => radio.checked) || radios(sections[now])[0]).focus({ preventScroll: true });
}

function mark(section) {
  now = sections.indexOf(section);
  for (const each of sections) each.classList.toggle("assess--now", each === section);
  const reads = new Set([...section.querySelectorAll(".assess__reads a")].map((link) => link.hash.slice(1)));
  for (const answer of document.querySelectorAll(".bid__answer")) answer.classList.toggle("bid__answer--read", reads.has(answer.id));
}

function press(event) {
  const typing = event.target.matches("textarea, input:not([type=radio]), select");
  if (typing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "n") go(1);
  else if (event.key === "p") go(-1);
  else if (/^[0-5]$/.test(event.key)) {
    mark(sections[Math.max(now, 0)]);
    const radio = radios(sections[now]).find((each) => each.value === event.key);
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    reason(sections[now]).focus();
  } else return;
  event.preventDefault();
}

// The page came back with two texts: it waits for a choice as if they had met here.
function ask() {
  for (const section of sections) {
    const box = section.querySelector(".assess__both");
    if (box) both(section, elsewhere({ mark: box.dataset.mark, reason: box.dataset.reason }, version(section).value));
  }
}

function restore() {
  const kept = unsent();
  for (const section of sections) {
    const mine = kept[section.dataset.criterion];
    if (!mine || section.asking) continue;
    const there = { mark: chosen(section), reason: reason(section).value };
    if (mine.mark === there.mark && mine.reason === there.reason) { save(section); continue; }
    reason(section).value = mine.reason;
    for (const radio of radios(section)) radio.checked = radio.value === mine.mark;
    // Somebody's other window saved this criterion since: both are shown, none is sent over the other.
    if (mine.version !== version(section).value) {
      const told = elsewhere(there, version(section).value);
      version(section).value = mine.version;
      both(section, told);
    } else save(section);
  }
}

function elsewhere(there, number) {
  const theirs = { mark: there.mark === "" || there.mark === "na" ? null : Number(there.mark), not_applicable: there.mark === "na", reason: there.reason, version: number };
  return { theirs, error: "This criterion was changed in another window meanwhile. Choose what to keep." };
}

// Sections that came onto the screen, end and all, are told to the server together.
const seen = new Set();
let telling;

function watch() {
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const section = entry.target.dataset.read;
      clearTimeout(entry.target.waiting);
      if (entry.isIntersecting) entry.target.waiting = setTimeout(() => { seen.add(section); watcher.unobserve(entry.target); tell(); }, 1000);
    }
  });
  for (const end of document.querySelectorAll("[data-read]")) watcher.observe(end);
}

function tell() {
  clearTimeout(telling);
  telling = setTimeout(async () => {
    if (leaving || !seen.size) return;
    const read = [...seen];
    const body = new URLSearchParams([["csrf_token", form.elements.csrf_token.value], ...read.map((key) => ["read", key])]);
    try {
      const answer = await fetch(form.dataset.sections, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      for (const key of read) opened(key);
    } catch { telling = setTimeout(tell, 10000); }
  }, 500);
}

function opened(key) {
  seen.delete(key);
  const mark = document.querySelector(`[data-mark="${CSS.escape(key)}"]`);
  if (mark) { mark.textContent = "opened"; mark.classList.remove("sections__mark--not"); }
  document.querySelector(`[data-read="${CSS.escape(key)}"]`)?.remove();
  document.querySelector(`[data-unread-link="${CSS.escape(key)}"]`)?.remove();
  const left = document.querySelector("[data-unread]");
  if (left && !left.querySelector("a")) {
    left.hidden = true;
    document.querySelector("[data-all]")?.remove();
  }
}

// On a finished page a reason stands in its box, or as text where there is no box.
function stands(section, words) {
  const box = reason(section);
  const flat = (text) => text.split(/\s+/).join(" ").trim();
  return box ? box.value === words : flat(section.textContent).includes(flat(words));
}

// The bid was finished meanwhile: what had not been sent is shown once more and then leaves the device.
function lastWords() {
  const kept = unsent();
  for (const section of every) {
    const mine = kept[section.dataset.criterion];
    if (mine?.reason && !stands(section, mine.reason)) say(section, `You had typed this, and it was not sent before the bid was finished: ${mine.reason}`, true);
  }
  store({});
}
if (!form) lastWords();

if (form) {
  for (const section of sections) {
    section.addEventListener("focusin", () => mark(section));
    section.addEventListener("change", () => { total(); save(section); });
    reason(section).addEventListener("input", () => {
      say(section, "");
      keep(section);
      clearTimeout(section.waiting);
      section.waiting = setTimeout(() => save(section), 1500);
    });
    // Escape leaves the reason, so that the keys work again.
    reason(section).addEventListener("keydown", (event) => {
      if (event.key === "Escape") radios(section)[0].focus();
    });
  }
  document.addEventListener("keydown", press);
  form.addEventListener("submit", leave);
  window.addEventListener("pageshow", (event) => {
    leaving = false;
    if (event.persisted) for (const section of sections) section.sending = null; // its answer went with the page
  });
  document.querySelector("[data-keys]")?.removeAttribute("hidden");
  ask();
  restore();
  total();
  window.addEventListener("online", restore);
  watch();
}
