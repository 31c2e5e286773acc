// Words are counted one way, here and in applications/words.py: what stands between spaces. Ten per cent over is allowed.
const WORD = /[^\s\u00a0\ufeff\u200b]+/g;

export const countWords = (text) => (text.match(WORD) || []).length;
export const mostWords = (limit) => Math.floor((limit * 110) / 100);

export function showCount(box) {
  const place = document.querySelector(`[data-words-for="${box.id}"]`);
  const limit = Number(box.dataset.wordsLimit);
  if (!place || !limit) return;
  const used = countWords(box.value);
  const most = mostWords(limit);
  place.classList.toggle("fund-words--over", used > most);
  place.textContent = used > most ? `${used} of ${limit} words: ${used - most} too many` : `${used} of ${limit} words`;
}

for (const box of document.querySelectorAll("[data-words-limit]")) {
  showCount(box);
  box.addEventListener("input", () => showCount(box));
}
