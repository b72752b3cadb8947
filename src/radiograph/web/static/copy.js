// SPDX-License-Identifier: Apache-2.0
// A button that copies the text beside it; where the clipboard is closed, it selects the text.
export function copying(page) {
  for (const button of page.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      const source = page.getElementById(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(source.textContent);
        say(button, "Copied");
      } catch {
        getSelection().selectAllChildren(source);
        say(button, "Selected");
      }
    });
  }
}

/** In the button, and to those who don't see it. */
function say(button, word) {
  button.textContent = word;
  const said = button.nextElementSibling?.matches("[role=status]") ? button.nextElementSibling : document.createElement("span");
  said.className = "sr";
  said.setAttribute("role", "status");
  button.after(said);
  said.textContent = word;
}
