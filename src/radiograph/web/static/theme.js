// SPDX-License-Identifier: Apache-2.0
// Runs before the first paint: the reader's theme, and that scripts run at all.
(() => {
  const root = document.documentElement;
  root.dataset.script = "on";
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {
    // Without storage the system's theme stays.
  }
})();
