// A sentence selected in the bid is held beside a criterion: by the bar that comes up, or by the criterion's own link.
// Without this script the link leads to a page with a form for it.
const form = document.querySelector("form[data-open]");
const links = form ? [...form.querySelectorAll("[data-quote]")] : [];
let picked = null; // what was selected last: a tap on a telephone takes the selection away before it is a click
let waiting;

const section = (id) => form.querySelector(`[data-criterion="${CSS.escape(id)}"]`);
const title = (one) => one.querySelector(".assess__title").firstChild.textContent.trim();

function selected() {
  const chosen = getSelection();
  if (!chosen.rangeCount || chosen.isCollapsed) return null;
  const place = chosen.getRangeAt(0).commonAncestorContainer;
  const answer = (place.nodeType === Node.ELEMENT_NODE ? place : place.parentElement)?.closest(".bid__answer");
  const words = chosen.toString().trim();
  return answer && words ? { words, question: answer.id.replace("answer-", "") } : null;
}

function say(one, words, wrong = false) {
  const place = one.querySelector("[data-saved]");
  place.textContent = words;
  place.classList.toggle("assess__saved--wrong", wrong);
}

// The criterion that one is at, when it reads this answer; else the first that does; else the one that one is at.
function likely(question) {
  const every = [...form.querySelectorAll("[data-criterion]")];
  const here = every.find((one) => one.classList.contains("assess--now"));
  const reads = (one) => one && [...one.querySelectorAll(".assess__reads a")].some((link) => link.hash === `#answer-${question}`);
  return reads(here) ? here : every.find(reads) || here || every[0];
}

async function keep(one, { words, question }) {
  const link = one.querySelector("[data-quote]");
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, words, criterion: one.dataset.criterion, question });
  try {
    const told = await fetch(link.pathname, { method: "POST", body, headers: { Accept: "application/json" } });
    const kept = await told.json();
    if (!told.ok) return [kept.error || "This quote was not kept.", true];
    show(one, kept, `${link.pathname}/${kept.id}/remove`);
    return [`Quoted for ${title(one)}.`, false];
  } catch {
    return ["You are offline. Quote it again when you are back.", true];
  }
}

function show(one, kept, address) {
  const list = one.querySelector(".quotes__list");
  const item = document.createElement("li");
  const remove = Object.assign(document.createElement("button"), { type: "submit", className: "quotes__remove", textContent: "Remove" });
  remove.setAttribute("formaction", address);
  remove.append(Object.assign(document.createElement("span"), { className: "govuk-visually-hidden", textContent: ` the quote ${kept.words.slice(0, 40)}` }));
  item.append(Object.assign(document.createElement("q"), { textContent: kept.words }), " ", remove);
  list.append(item);
  list.hidden = false;
}

// The bar ------------------------------------------------------------------------------------------------------------

const bar = document.createElement("div");

function build() {
  bar.className = "quoting";
  bar.hidden = true;
  bar.setAttribute("role", "region");
  bar.setAttribute("aria-label", "Quote the bid");
  bar.innerHTML = '<q class="quoting__words"></q><div class="quoting__acts"><label class="govuk-label" for="quoting-for">Quote it for</label><select class="govuk-select" id="quoting-for"></select><button type="button" class="govuk-button">Quote</button><button type="button" class="quotes__remove">Close</button></div><p class="quoting__said" role="status"></p>';
  for (const one of form.querySelectorAll("[data-criterion]")) bar.querySelector("select").add(new Option(title(one), one.dataset.criterion));
  const [quote, close] = bar.querySelectorAll("button");
  quote.addEventListener("click", act);
  close.addEventListener("click", away);
  document.body.append(bar);
}

function up() {
  bar.querySelector(".quoting__words").textContent = picked.words;
  bar.querySelector("select").value = likely(picked.question).dataset.criterion;
  bar.querySelector(".quoting__said").textContent = "";
  bar.querySelector(".quoting__acts").hidden = false;
  bar.hidden = false;
}

function away() {
  bar.hidden = true;
  picked = null;
}

async function act() {
  if (!picked) return;
  const one = section(bar.querySelector("select").value);
  const [words, wrong] = await keep(one, picked);
  say(one, words, wrong);
  bar.querySelector(".quoting__said").textContent = words;
  if (wrong) return;
  picked = null;
  getSelection().removeAllRanges();
  bar.querySelector(".quoting__acts").hidden = true;
  setTimeout(() => { if (!picked) bar.hidden = true; }, 4000);
}

function changed() {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const found = selected();
    if (found) { picked = found; up(); }
    else if (picked && !bar.matches(":hover, :focus-within")) away();
  }, 400);
}

async function press(event) {
  const words = selected() || picked;
  if (!words) return; // nothing selected: the link's own page asks for it
  event.preventDefault();
  const one = event.target.closest("[data-criterion]");
  say(one, ...(await keep(one, words)));
  away();
}

if (links.length) {
  build();
  for (const link of links) link.addEventListener("click", press);
  document.addEventListener("selectionchange", changed);
}
