// SPDX-License-Identifier: Apache-2.0
// What the page of an execution does beyond being read: menus that close, runs chosen at once, and what changes meanwhile.
import { watch } from "./live.js";

function menus(page) {
  const all = [...page.querySelectorAll("details.menu")];
  page.addEventListener("click", (event) => {
    for (const menu of all) if (!menu.contains(event.target)) menu.open = false;
  });
  page.addEventListener("keydown", (event) => {
    const open = all.find((menu) => menu.open);
    if (event.key !== "Escape" || !open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
}

function choosing(page) {
  const form = page.getElementById("bulk");
  const every = page.querySelector("[data-pick-all]");
  if (!form || !every) return;
  const boxes = () => [...page.querySelectorAll("input[form=bulk][name=run]")];
  const say = () => {
    const picked = boxes().filter((box) => box.checked).length;
    form.querySelector("[data-chosen]").textContent = picked === 1 ? "1 run chosen" : `${picked} runs chosen`;
    form.toggleAttribute("data-some", picked > 0);
    every.checked = picked > 0 && picked === boxes().length;
    every.indeterminate = picked > 0 && !every.checked;
  };
  every.addEventListener("change", () => {
    for (const box of boxes()) box.checked = every.checked;
    say();
  });
  page.addEventListener("change", (event) => event.target.matches("input[form=bulk]") && say());
  say();
}

menus(document);
choosing(document);
watch(document);
