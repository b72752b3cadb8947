// SPDX-License-Identifier: Apache-2.0
// Elements made and filled.

export function element(name, properties = {}) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "role") made.setAttribute("role", value);
    else made[key] = value;
  }
  return made;
}

/** A text, written only where it is another one: nothing flickers, and no selection is lost. */
export function write(place, text) {
  const name = "value" in place && place.tagName !== "OPTION" ? "value" : "textContent";
  if (place[name] !== text) place[name] = text;
}
