// What the pages do besides: NHS.UK's own behaviour, the cursor where it helps, and printing. Everything works without it.
import { initAll } from "./nhsuk-frontend.min.js";

initAll();

document.querySelector("[data-lookup-focus]")?.focus({ preventScroll: true });

for (const button of document.querySelectorAll("[data-lookup-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
