// Fetches the page anew every few seconds and puts the parts marked data-again in place of the old ones. Without it: reload.
const parts = () => [...document.querySelectorAll("[data-again]")];
const seconds = Math.min(...parts().map((part) => Number(part.dataset.again) || 5));
let waiting = false;

async function look() {
  if (waiting || document.hidden) return;
  waiting = true;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of parts()) {
      const now = fresh.getElementById(part.id);
      // Nothing is swapped under somebody's hands: a part that holds the focus waits.
      if (now && now.innerHTML !== part.innerHTML && !part.contains(document.activeElement)) part.innerHTML = now.innerHTML;
    }
    if (parts().length && !fresh.querySelector("script[src*='again.js']")) location.reload();
  } catch { /* offline: the next look may find it */ } finally { waiting = false; }
}

if (parts().length) setInterval(look, seconds * 1000);
