// What the pages do besides: NHS.UK's own behaviour, and printing. Everything works without it.
import { initAll } from "./nhsuk-frontend.min.js";

initAll();

for (const button of document.querySelectorAll("[data-lookup-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
