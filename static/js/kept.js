// What one typed is kept on this device until the server surely has it: a form that was sent may never have arrived.
const START = "fund-answer:";
const keyOf = (path) => START + path;

export function keep(path, what) {
  try { localStorage.setItem(keyOf(path), JSON.stringify(what)); } catch { /* no room on this device: the server still saves */ }
}
export function kept(path) {
  try { return JSON.parse(localStorage.getItem(keyOf(path))); } catch { return null; }
}
export function forget(path) {
  try { localStorage.removeItem(keyOf(path)); } catch { /* nothing was kept */ }
}

// This page came as the answer to a question's form: what was sent from there has arrived, and leaves the device.
// The same question with ?check=1 says what stands against an answer that is saved.
function forgetWhatArrived() {
  const from = document.referrer.startsWith(location.origin) ? new URL(document.referrer).pathname : "";
  const saved = from !== location.pathname || new URLSearchParams(location.search).has("check");
  if (from && saved && kept(from)?.sent) forget(from);
}
forgetWhatArrived();
