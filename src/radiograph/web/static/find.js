// SPDX-License-Identifier: Apache-2.0
// The field above every page offers what it finds while it is filled in; Enter alone searches, as without this.
const patience = 120; // ms without a key before the server is asked

export function finding(page) {
  const input = page.querySelector(".find input");
  if (!input) return;
  const { base, find } = input.dataset;
  const list = page.createElement("ul");
  Object.assign(list, { id: "find-list", hidden: true, className: "found-list" });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "What is found");
  input.after(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", "find-list"], ["aria-expanded", "false"], ["autocomplete", "off"]])
    input.setAttribute(name, value);
  let waiting = 0;
  let asking = null;
  let at = -1;
  let wanted = null; // the path of what is chosen: it stays chosen where it is found again

  const options = () => [...list.children];
  const choose = (place) => {
    at = place;
    options().forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    if (at < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", options()[at].id);
      options()[at].scrollIntoView({ block: "nearest" });
    }
  };
  const close = () => {
    clearTimeout(waiting);
    asking?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    wanted = null;
    choose(-1);
  };
  const show = (hits) => {
    list.replaceChildren(...hits.map((hit, i) => option(page, hit, i)));
    choose(hits.findIndex((hit) => hit.path === wanted));
    list.hidden = hits.length === 0;
    input.setAttribute("aria-expanded", String(hits.length > 0));
  };
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const text = input.value.trim();
    if (!text) return close();
    try {
      const answer = await fetch(`${find}?q=${encodeURIComponent(text.slice(0, 200))}`, { signal: asking.signal });
      const hits = answer.ok ? (await answer.json()).hits : [];
      if (page.activeElement === input && input.value.trim() === text) show(hits);
    } catch (error) {
      // Another question was asked meanwhile, or the server is away: the field searches all the same.
      if (error.name !== "AbortError") show([]);
    }
  };
  const go = (option) => location.assign(base + option.dataset.path);

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    wanted = options()[at]?.dataset.path ?? wanted;
    choose(-1); // of what was found for another text nothing is opened by Enter
    waiting = setTimeout(ask, patience);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const count = list.hidden ? 0 : list.children.length;
    if (event.key.startsWith("Arrow")) wanted = null;
    if (event.key === "ArrowDown" && count) choose((at + 1) % count);
    else if (event.key === "ArrowUp" && count) choose((at <= 0 ? count : at) - 1);
    else if (event.key === "Enter" && at >= 0) go(options()[at]);
    else if (event.key === "Escape" && count) {
      event.stopPropagation();
      close();
    } else return;
    event.preventDefault();
  });
  // Before the field loses the focus, and the list with it.
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) go(option);
  });
}

function option(page, hit, place) {
  const item = page.createElement("li");
  item.id = `find-${place}`;
  item.dataset.path = hit.path;
  item.setAttribute("role", "option");
  for (const [name, text] of [["key", hit.name], ["one-line", hit.text], ["muted", hit.kind]]) {
    const part = page.createElement("span");
    part.className = name;
    part.textContent = text;
    item.append(part, " ");
  }
  return item;
}
