// Letters on their way: the page draws itself anew every two seconds until none waits. Without this script a link does it.
const EVERY = 2000;

async function look() {
  const shown = document.querySelector("[data-batch]");
  if (!shown || shown.dataset.waiting === "0") return;
  try {
    const answer = await fetch(shown.dataset.batch, { headers: { "X-Requested-With": "fetch" } });
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-batch]");
      if (fresh && !shown.contains(document.activeElement)) shown.replaceWith(fresh);
      else if (fresh) shown.querySelector(".fund-progress").replaceWith(fresh.querySelector(".fund-progress"));
    }
  } catch {
    // The line is gone for a moment: look again later.
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
