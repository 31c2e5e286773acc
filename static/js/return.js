// Adds up the budget headings of a return and says how far the spend is from the plan, while the page is filled in.
// The server says the same when the return is saved; without this script nothing is missing but the waiting.

const pence = (text) => {
  const found = /^\s*£?\s*(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{2}))?\s*$/.exec(text);
  return found ? Number(found[1].replaceAll(",", "")) * 100 + Number(found[2] || 0) : null;
};
const pounds = (value) =>
  `£${Math.floor(value / 100).toLocaleString("en-GB")}.${String(value % 100).padStart(2, "0")}`;

const spent = document.getElementById("spent_pence");
const plan = document.querySelector("[data-profile-pence]");
const variance = document.querySelector("[data-variance]");
const why = document.querySelector("[data-why]");
const total = document.querySelector("[data-headings-total]");
const boxes = [...document.querySelectorAll("input[name^='heading_']")];

const sayVariance = () => {
  const value = pence(spent.value);
  if (value === null) {
    variance.textContent = "";
    return;
  }
  const profile = Number(plan.dataset.profilePence);
  const allowed = Number(plan.dataset.percent);
  const difference = Math.abs(value - profile);
  const side = value < profile ? "under" : "over";
  const flagged = difference * 100 > profile * allowed;
  const share = profile ? `${(Math.round((difference * 10000) / profile) / 100).toFixed(2)} % ${side}: fine` : "";
  const words = !difference ? "exactly as planned" : flagged ? `more than ${allowed}% ${side}: say why` : share;
  variance.textContent = `${pounds(value)} of ${pounds(profile)}: ${words}`;
  if (why && flagged) why.classList.remove("evaluation-later");
};

const sayTotal = () => {
  if (!total) return;
  const sum = boxes.reduce((before, box) => before + (pence(box.value) || 0), 0);
  const value = pence(spent.value);
  const left = value === null ? "" : sum === value ? ". That is what you spent" : `. You spent ${pounds(value)}`;
  total.textContent = sum || value ? `Together ${pounds(sum)}${left}.` : "";
};

if (spent && plan) {
  spent.addEventListener("input", () => { sayVariance(); sayTotal(); });
  boxes.forEach((box) => box.addEventListener("input", sayTotal));
  sayTotal();
}
