// Starts the GOV.UK components. Pages work without it; anything more lives in a file of its own under static/js/.
import { initAll } from "./vendor/govuk-frontend/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
