// A search box above the list of places. Without this script the whole list is there.
const list = document.querySelector("[data-places]");

if (list) {
  const group = document.createElement("div");
  group.className = "govuk-form-group";
  const label = document.createElement("label");
  label.className = "govuk-label";
  label.htmlFor = "find-place";
  label.textContent = "Find a place";
  const box = document.createElement("input");
  box.className = "govuk-input";
  box.id = "find-place";
  box.type = "search";
  box.autocomplete = "off";
  const found = document.createElement("p");
  found.className = "govuk-body-s fund-quiet";
  found.setAttribute("role", "status");
  group.append(label, box, found);
  list.before(group);
  box.addEventListener("input", (event) => {
    event.stopPropagation();
    const wanted = box.value.trim().toLowerCase();
    let count = 0;
    for (const district of list.querySelectorAll("[data-district]")) {
      let here = 0;
      for (const item of district.querySelectorAll(".govuk-checkboxes__item")) {
        const shown = !wanted || item.textContent.toLowerCase().includes(wanted) || item.querySelector("input").checked;
        item.hidden = !shown;
        here += shown;
      }
      district.hidden = here === 0;
      count += here;
    }
    found.textContent = wanted ? `${count} place${count === 1 ? "" : "s"}` : "";
  });
  box.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
}
