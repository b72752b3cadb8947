// SPDX-License-Identifier: Apache-2.0
// A button that copies the text beside it; where the clipboard is closed, it selects the text.
export function copying(page) {
  for (const button of page.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      const source = page.getElementById(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(source.textContent);
        button.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(source);
        button.textContent = "Selected";
      }
    });
  }
}
