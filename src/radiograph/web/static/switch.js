// SPDX-License-Identifier: Apache-2.0
// The theme: as the system, light, dark; kept for the next page by theme.js.
const themes = ["", "light", "dark"];
const names = { "": "as the system", light: "light", dark: "dark" };

export function themeSwitch(page) {
  const button = page.querySelector("[data-theme-switch]");
  if (!button) return;
  const root = page.documentElement;
  const say = () => {
    const text = `Theme: ${names[root.dataset.theme ?? ""]}`;
    button.querySelector(".sr").textContent = text;
    button.title = text;
  };
  button.addEventListener("click", () => {
    const next = themes[(themes.indexOf(root.dataset.theme ?? "") + 1) % themes.length];
    if (next) root.dataset.theme = next;
    else delete root.dataset.theme;
    try {
      if (next) localStorage.setItem("theme", next);
      else localStorage.removeItem("theme");
    } catch {
      // Without storage the choice lasts for this page.
    }
    say();
  });
  say();
}
