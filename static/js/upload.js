// Sends the chosen files one by one and says how far it is. The page works without this script: then they go together.
const form = document.querySelector("#upload-form");
const status = form?.querySelector("[data-upload-status]");
const say = (text, wrong = false) => {
  status.textContent = text;
  status.classList.toggle("govuk-error-message", wrong);
};

function send(file, place, many) {
  return new Promise((done) => {
    const data = new FormData(form);
    data.delete("files");
    data.append("files", file);
    const asked = new XMLHttpRequest();
    asked.open("POST", form.action);
    asked.setRequestHeader("Accept", "application/json");
    asked.upload.onprogress = (event) => {
      if (event.lengthComputable) say(`File ${place} of ${many}: ${Math.floor((100 * event.loaded) / event.total)} % sent`);
    };
    asked.onerror = () => done(`“${file.name}” was not sent: you are offline. Try again when you have a signal.`);
    asked.onload = () => {
      let body = {};
      try { body = JSON.parse(asked.responseText); } catch { /* a page, not ours: the sentence below says so */ }
      if (asked.status === 200 && body.added) done(null);
      else if (asked.status === 413) done(`“${file.name}” is too large.`);
      else done(body.errors?.join(" ") || `“${file.name}” was not sent. Reload the page and try again.`);
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
  const wrong = [];
  for (const [index, file] of chosen.entries()) {
    const sentence = await send(file, index + 1, chosen.length);
    if (sentence) wrong.push(sentence);
  }
  button.disabled = false;
  if (wrong.length) {
    box.value = "";
    say([wrong.length < chosen.length ? `${chosen.length - wrong.length} of ${chosen.length} files are added.` : "", ...wrong].join(" ").trim(), true);
    status.tabIndex = -1;
    status.focus();
  } else {
    location.reload();
  }
});
