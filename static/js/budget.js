// Adds the budget up as one types, and says how much room the cap leaves. The server does the same sums when it saves.
const pence = (text) => {
  const found = /^£?\s*(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{2}))?$/.exec(text.trim());
  return found ? Number(found[1].replaceAll(",", "")) * 100 + Number(found[2] || 0) : null;
};
const pounds = (amount) => `£${Math.trunc(amount / 100).toLocaleString("en-GB")}.${String(amount % 100).padStart(2, "0")}`;
const thousandths = (text) => {
  const found = /^(\d{1,3}(?:,\d{3})+|\d{1,6})(?:\.(\d{1,3}))?$/.exec(text.trim());
  return found ? Number(found[1].replaceAll(",", "")) * 1000 + Number((found[2] || "").padEnd(3, "0")) : null;
};

const room = document.querySelector("[data-room]");
const most = Number(room?.dataset.mostPence);
const plural = room?.parentElement.dataset.capWords || "";
const addsUpTo = Number(room?.parentElement.dataset.addsUpTo || 0);
const rows = document.querySelector("[data-rows=budget]");
const single = document.querySelector("#answer-form input[name=value]");

function total() {
  if (!rows) return pence(single?.value || "") || 0;
  let sum = 0;
  for (const row of rows.querySelectorAll("[data-row]")) {
    const quantityText = row.querySelector("[data-part=quantity]").value;
    const quantity = quantityText.trim() ? thousandths(quantityText) : 1000;
    const cost = pence(row.querySelector("[data-part=unit_cost]").value || "");
    const amount = quantity === null || cost === null ? null : Math.floor((quantity * cost + 500) / 1000);
    row.querySelector("[data-row-amount]").textContent = amount === null ? "" : pounds(amount);
    sum += amount || 0;
  }
  return sum;
}

function show() {
  const asked = total();
  const over = asked - most;
  room.classList.toggle("fund-room--over", over > 0);
  room.querySelector("[data-room-asked]").textContent = pounds(asked);
  room.querySelector(".fund-room__left").firstChild.textContent = over > 0 ? "Over by " : "Room left ";
  room.querySelector("[data-room-left]").textContent = pounds(Math.abs(over));
  const bar = room.querySelector("progress");
  if (bar) bar.value = Math.min(asked, most);
  room.querySelector("[data-room-sentence]").textContent = over > 0
    ? `You asked for ${pounds(asked)}. ${plural.charAt(0).toUpperCase()}${plural.slice(1)} can ask for up to ${pounds(most)}. Take off ${pounds(over)} to carry on.`
    : addsUpTo && asked !== addsUpTo
      ? `Lines add up to ${pounds(asked)} of the ${pounds(addsUpTo)} that you ask for.`
      : "";
}

if (room && most) {
  show();
  document.querySelector("#answer-form").addEventListener("input", show);
}
