// SPDX-License-Identifier: Apache-2.0
// Enter in a field presses the button of that field, and nothing elsewhere: the form has several.
const form = document.querySelector("form.groups");

form?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("input")) return;
  event.preventDefault();
  const button = event.target.closest("fieldset")?.querySelector("button");
  if (button) form.requestSubmit(button);
});
