// Sends the chosen files one by one, with a line and a bar for each. The page works without this script: then they go together.
const form = document.querySelector("#upload-form");
const status = form?.querySelector("[data-upload-status]");
const list = form?.querySelector("[data-upload-files]");
const say = (text, wrong = false) => {
  status.textContent = text;
  status.classList.toggle("govuk-error-message", wrong);
};

// One line: the name, a bar, and words that say how it went. Names are text, never markup.
function lineFor(file, number) {
  const line = document.createElement("li");
  const name = Object.assign(document.createElement("span"), { className: "fund-uploads__name", textContent: file.name, id: `upload-${number}` });
  const bar = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
  bar.setAttribute("aria-labelledby", name.id);
  const words = Object.assign(document.createElement("span"), { className: "fund-uploads__words", textContent: "Waiting" });
  line.append(name, bar, words);
  list.append(line);
  return {
    at(percent) { bar.value = percent; words.textContent = percent < 100 ? `${percent} % sent` : "Being checked"; },
    end(sentence) {
      bar.remove();
      words.textContent = sentence ? "Not added" : "Added";
      line.classList.toggle("fund-uploads__wrong", Boolean(sentence));
    },
  };
}

function send(file, line) {
  return new Promise((done) => {
    const data = new FormData(form);
    data.delete("files");
    data.append("files", file);
    const asked = new XMLHttpRequest();
    asked.open("POST", form.action);
    asked.setRequestHeader("Accept", "application/json");
    asked.upload.onprogress = (event) => {
      if (event.lengthComputable) line.at(Math.floor((100 * event.loaded) / event.total));
    };
    asked.onerror = () => done(`“${file.name}” was not sent: you are offline. Try again when you have a signal.`);
    asked.onload = () => {
      let body = {};
      try { body = JSON.parse(asked.responseText); } catch { /* a page, not ours: the sentence below says so */ }
      if (asked.status === 200 && body.added) done(null);
      else if (asked.status === 413) done(`“${file.name}” is too large.`);
      else done(body.errors?.join(" ") || body.error || `“${file.name}” was not sent. Reload the page and try again.`);
    };
    asked.send(data);
  });
}

form?.addEventListener("submit", async (event) => {
  const box = form.elements.files;
  const chosen = [...box.files];
  if (!chosen.length || !form.elements.kind.value) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  list.replaceChildren();
  list.hidden = false;
  const lines = chosen.map(lineFor);
  const wrong = [];
  for (const [index, file] of chosen.entries()) {
    // Read aloud once for each file; the bars move without a word.
    say(`Sending file ${index + 1} of ${chosen.length}: ${file.name}`);
    const sentence = await send(file, lines[index]);
    lines[index].end(sentence);
    if (sentence) wrong.push(sentence);
  }
  button.disabled = false;
  if (wrong.length) {
    box.value = "";
    const good = chosen.length - wrong.length;
    say([good ? `${good} of ${chosen.length} files are added.` : "", ...wrong].join(" ").trim(), true);
    if (good) {
      const again = Object.assign(document.createElement("a"), { href: location.pathname, className: "govuk-link", textContent: "Show what is in your bid" });
      status.append(" ", again);
    }
    status.tabIndex = -1;
    status.focus();
  } else {
    location.reload();
  }
});
