// SPDX-License-Identifier: Apache-2.0
// The keys of manual execution; each does what a button or field of the page does too.
const OWN = { p: "PASS", f: "FAIL", t: "TODO" };

export function keys(page, { go, setStatus, statuses, flush, items }) {
  const to = (selector) => {
    const found = [...page.querySelectorAll(selector)].find((one) => one.checkVisibility());
    found?.scrollIntoView({ block: "nearest" });
    found?.focus();
    return Boolean(found);
  };
  const actions = {
    n: () => go(1), j: () => go(1), k: () => go(-1),
    a: () => to("[name=actual]"), c: () => to("[name=comment]") || to("[name=run-comment]"),
    e: () => page.querySelector("[name=file], [name=run-file]")?.click(),
    d: () => to("[name=defect]") || to("[name=run-defect]"),
    s: () => { flush(); return to("[data-next]") || to("[data-finish]"); },
  };
  const statusOf = (key) => {
    if (/^[1-9]$/.test(key)) return statuses()[Number(key) - 1]?.name;
    return key === "b" ? statuses().find((s) => s.name.startsWith("B"))?.name : OWN[key];
  };
  // Before the keys of every page, of which some mean something else.
  page.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || page.getElementById("keys").open) return;
    if (event.target.matches?.("textarea, select, input:not([type=radio]):not([type=checkbox])")) {
      if (event.key === "Enter" && event.target.matches("[data-defects-of] input")) return;
      return;
    }
    const name = items().length ? statusOf(event.key) : undefined;
    if (name) setStatus(name);
    else if (Object.hasOwn(actions, event.key)) actions[event.key]();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, { capture: true });
}
