// SPDX-License-Identifier: Apache-2.0
// The keys; each does what a link, a field or a button on the page does too.
export function keys(page) {
  const help = page.getElementById("keys");
  const actions = {
    j: () => failure(page, 1),
    k: () => failure(page, -1),
    f: () => focus(page.querySelector(".filters a:not([aria-current])") ?? page.querySelector(".filters a")),
    "/": () => focus(page.querySelector("main input[type=search]") ?? page.querySelector(".find input")),
    o: () => follow(page.querySelector("[data-evidence]")),
    "?": () => help.showModal(),
  };
  page.querySelector("[data-help]")?.addEventListener("click", () => help.showModal());
  page.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isField(event.target)) event.target.blur();
    const action = actions[event.key];
    const taken = event.ctrlKey || event.metaKey || event.altKey || help.open || isField(event.target);
    if (taken || !Object.hasOwn(actions, event.key)) return;
    if (action()) event.preventDefault();
  });
}

function isField(element) {
  return element.matches?.("textarea, select, input:not([type=radio], [type=checkbox])") || element.isContentEditable;
}

function focus(element) {
  element?.focus();
  return Boolean(element);
}

function follow(link) {
  link?.click();
  return Boolean(link);
}

/** On a run's page the next or previous failure; in a list the focus moves through its failures, then to the next page. */
function failure(page, step) {
  const around = page.querySelector(step > 0 ? "[data-go=next]" : "[data-go=previous]");
  if (around) return follow(around);
  const failures = [...page.querySelectorAll("[data-failure]")];
  const at = placeAmong(failures, page.activeElement, step);
  if (at < 0) return focus(step > 0 ? failures[0] : failures.at(-1));
  const next = failures[at + step];
  return focus(next ?? (step > 0 ? page.querySelector("a[rel=next]") : null));
}

/** Where among the failures the focus is: its row counts, though a box in it is what was ticked, and so does a row between them. */
function placeAmong(failures, here, step) {
  const row = here?.closest("tr, li");
  const own = failures.findIndex((one) => one === here || row?.contains(one));
  if (own >= 0 || !row) return own;
  const following = failures.findIndex((one) => row.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
  const next = following < 0 ? failures.length : following;
  return step > 0 ? next - 1 : next;
}
