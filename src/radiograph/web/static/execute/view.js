// SPDX-License-Identifier: Apache-2.0
// Puts the run onto the page that the server made: the same elements, filled anew. What is being typed is never written over.
import { BugForm } from "./bug.js";
import { element, write } from "./elements.js";
import { size } from "./edits.js";
import { keyOf } from "./model.js";
import { ago, label, left, placeName, scopeName } from "./words.js";

export class View {
  constructor(page, model, edits) {
    Object.assign(this, { page, model, edits });
    this.root = page.querySelector("[data-execute]");
    this.shown = new WeakMap();
    this.lists = new WeakMap();
    this.bug = page.querySelector("[data-report]") ? new BugForm(page, model) : null;
  }

  one(selector, inside = this.page) {
    return inside.querySelector(selector);
  }

  /** A status as the page draws it. */
  status(name) {
    const pattern = [...this.one("#shapes").content.children].find((e) => e.dataset.shape === name);
    return pattern ? pattern.firstElementChild.cloneNode(true) : this.page.createTextNode(name);
  }

  /** The steps at the side; they are made anew only when there are others. */
  rail(items, current, clashes) {
    const list = this.one("[data-rail]");
    if (!list) return;
    const mark = items.map((item) => `${keyOf(item.place)} ${item.action}`).join("\n");
    if (this.railed !== mark) {
      this.railed = mark;
      list.replaceChildren(...items.map((item) => this.#railItem(item)));
    }
    items.forEach((item, at) => {
      const row = list.children[at];
      const name = this.model.result(item.place).status;
      if (row.dataset.status !== name) {
        row.dataset.status = name;
        const drawn = this.status(name);
        const word = drawn.querySelector(".word");
        word.className = "sr";
        this.one("[data-shape]", row).replaceChildren(drawn.querySelector("svg"), word);
      }
      row.toggleAttribute("data-clash", clashes.has(keyOf(item.place)));
      if (item === current) row.setAttribute("aria-current", "step");
      else row.removeAttribute("aria-current");
    });
  }

  #railItem(item) {
    const row = this.one("#rail-item").content.firstElementChild.cloneNode(true);
    row.dataset.item = item.number;
    this.one(".number", row).textContent = item.number;
    this.one("[data-label]", row).textContent = item.action.slice(0, 160);
    this.one("a", row).href = address(item.place);
    return row;
  }

  /** The step in focus. */
  focus(item, items) {
    const section = this.one("[data-focus]");
    if (!section || !item) return;
    const result = this.model.result(item.place);
    const title = `${item.title} of ${items.length}`;
    if (this.titled !== title) {
      this.titled = title;
      const count = this.page.createElement("span");
      count.className = "count";
      count.textContent = `of ${items.length}`;
      this.one("[data-title]").replaceChildren(`${item.title} `, count);
    }
    for (const name of ["action", "data", "expected"]) {
      const place = this.one(`[data-text=${name}]`);
      write(place, item[name]);
      if (name !== "action") place.parentElement.hidden = !item[name];
    }
    const row = item.kind === "example";
    write(this.one("[data-word=action]"), row ? "Values" : "Action");
    write(this.one("[data-word=expected]"), row ? "Scenario" : "Expected");
    const at = items.indexOf(item);
    for (const [step, other] of [["-1", items[at - 1]], ["1", items[at + 1]]]) {
      const link = this.one(`[data-step="${step}"]`);
      link.hidden = !other;
      if (other) link.href = address(other.place);
    }
    this.#files(this.one("[data-files]"), item.files, false);
    const form = this.one("[data-form=item]");
    if (!form) return;
    for (const radio of form.querySelectorAll("[name=status]")) radio.checked = radio.value === result.status;
    for (const name of ["actual", "comment"]) this.text(form.elements[name], result[name], result.locked, keyOf(item.place));
    this.one("[data-notes]").hidden = item.kind === "example";
    write(this.one("[data-who]"), this.#who(item.place, result.status));
    this.#files(this.one("[data-evidence-of=item] [data-list]"), result.evidence, true);
    this.#defects(this.one("[data-defects-of=item] [data-list]"), result.defects);
    this.#conflicts(this.one("[data-conflicts]"), this.edits.conflicts(item.place));
    this.bug?.show(item, items, result);
  }

  /** A text that can be edited; it is left alone while it is. */
  text(area, value, locked, place = "run") {
    const moved = area.dataset.place !== place;
    area.dataset.place = place;
    area.readOnly = locked;
    if (!moved && this.page.activeElement === area) return;
    this.shown.set(area, value);
    if (area.value !== value) area.value = value;
  }

  /** What the person saw in a field before they changed it. */
  saw(area) {
    return this.shown.get(area) ?? "";
  }

  /** The server has a change: who is still typing there goes on from it. */
  took(item) {
    const name = item.field === "custom" ? `custom-${item.key}` : keyOf(item.place) === "run" ? `run-${item.field}` : item.field;
    const area = this.page.activeElement;
    if (area?.name === name && area.dataset.place === keyOf(item.place)) this.shown.set(area, item.value);
  }

  #who(place, status) {
    const found = this.model.state.changes.find((c) => c.field === label(place, "status"));
    return found && this.model.stored(place).status === status ? `${status} by ${found.by || "somebody"}, ${ago(found.at)}` : "";
  }

  /** The run as a whole. */
  whole(items) {
    const { state } = this.model;
    const status = this.model.runStatus();
    const finished = this.model.isFinal(status) ? status : "";
    if (this.runStatus !== status) {
      this.runStatus = status;
      this.one("[data-run-status]").replaceChildren(this.status(status));
    }
    write(this.one("[data-progress]"), `${state.progress.done.toLocaleString("en")} of ${state.progress.total.toLocaleString("en")} finished`);
    for (const option of this.page.querySelectorAll("[data-scope] option")) {
      const scope = state.scopes.find((one) => String(one.iteration) === option.value);
      if (scope) write(option, scopeName(scope, scope.iteration ? this.model.scopeStatus(scope.iteration) : status));
    }
    const bar = this.one(".progress progress");
    [bar.value, bar.max] = [state.progress.done, state.progress.total || 1];
    const form = this.one("[data-form=finish]");
    if (!form) return;
    write(this.one("[data-left]"), left(items, (item) => this.model.result(item.place).status, finished));
    const lacking = this.model.lacking();
    this.one("[data-lacking]").hidden = !lacking.length || Boolean(finished);
    write(this.one("[data-lacking]"), lacking.length ? `To finish, fill in ${lacking.join(", ")}.` : "");
    this.one("[data-finishing]").hidden = Boolean(finished);
    this.one("[data-finished]").hidden = !finished;
    const added = this.model.addsUp();
    write(this.one("[data-final]").options[0], added ? `${added}, as its steps are` : "Choose a status");
    const next = this.one("[data-next]");
    next.hidden = !state.progress.next;
    if (state.progress.next) next.href = state.progress.next;
    write(this.one("[data-next-key]"), state.progress.nextKey);
    this.#ofRun();
  }

  #ofRun() {
    const form = this.one("[data-form=run]");
    const seen = this.model.result({ iteration: 0, step: 0, example: 0 });
    this.text(form.elements["run-comment"], seen.comment, seen.locked);
    this.#files(this.one('[data-evidence-of="run-"] [data-list]'), seen.evidence, true);
    this.#defects(this.one('[data-defects-of="run-"] [data-list]'), seen.defects);
    for (const field of form.querySelectorAll("[data-custom]")) {
      const own = this.model.state.fields.find((f) => String(f.id) === field.dataset.custom);
      if (!own || this.page.activeElement === field) continue;
      const value = this.model.custom(own);
      if (field.type === "checkbox") field.checked = value.includes(field.value);
      else this.text(field, value, false);
    }
  }

  #files(list, files, removable) {
    if (!this.#isNew(list, files.map((f) => `${f.id}/${f.item?.id ?? ""}/${f.name}/${f.href}`))) return;
    list.replaceChildren(...files.map((file) => this.#file(file, removable)));
  }

  #file(file, removable) {
    const row = this.one("#file").content.firstElementChild.cloneNode(true);
    const [link, picture, bar] = [this.one("a", row), this.one("img", row), this.one("progress", row)];
    this.one("[data-name]", row).textContent = file.name;
    this.one("[data-size]", row).textContent = size(file.size);
    if (file.href) link.href = file.href;
    else link.removeAttribute("href");
    const show = (source) => { picture.hidden = !source; if (source) picture.src = source; };
    if (file.item) {
      row.dataset.waits = file.item.id;
      bar.hidden = false;
      bar.setAttribute("aria-label", `${file.name} is being sent`);
      this.edits.preview(file.item).then(show);
    } else if (file.kind === "image") show(file.href);
    const button = this.one("[data-remove]", row);
    button.hidden = !removable;
    button.querySelector(".sr").textContent = ` ${file.name}`;
    button.edited = { field: "remove-file", value: String(file.id), item: file.item };
    return row;
  }

  #defects(list, defects) {
    if (!this.#isNew(list, defects.map((d) => `${d.key}/${d.item?.id ?? ""}/${d.summary}/${d.href}`))) return;
    list.replaceChildren(...defects.map((defect) => {
      const row = this.one("#defect").content.firstElementChild.cloneNode(true);
      const link = this.one("[data-key]", row);
      link.textContent = defect.key;
      if (defect.href) link.href = defect.href;
      else link.removeAttribute("href");
      this.one("[data-summary]", row).textContent = defect.summary;
      const button = this.one("[data-remove]", row);
      button.querySelector(".sr").textContent = ` ${defect.key}`;
      button.edited = { field: "remove-defect", value: defect.key, item: defect.item };
      return row;
    }));
  }

  /** Whether a list has other rows than those that are shown. */
  #isNew(list, marks) {
    const mark = marks.join("\n");
    if (this.lists.get(list) === mark) return false;
    this.lists.set(list, mark);
    return true;
  }

  #conflicts(box, items) {
    if (!this.#isNew(box, items.map((i) => `${i.id} ${i.theirs} ${i.value}`))) return;
    box.replaceChildren(...items.map((item) => this.conflict(item)));
  }

  /** A choice between two values. */
  conflict(item) {
    const box = element("div", { className: "conflict", role: "alert" });
    const who = item.by || "Somebody else";
    const said = element("p", { textContent: `${placeName(item.place)}: ${who} has set another ${item.field === "custom" ? "value" : item.field}${item.at ? `, ${ago(item.at)}` : ""}. Nothing was overwritten; choose.` });
    const list = element("dl");
    for (const [name, value] of [[`${who === "Somebody else" ? "Theirs" : who}`, item.theirs], ["You", item.value]]) {
      const pair = element("div");
      pair.append(element("dt", { textContent: name }), element("dd", { textContent: String(value || "nothing") }));
      list.append(pair);
    }
    const actions = element("div", { className: "actions" });
    for (const [text, mine] of [["Keep mine", true], ["Take theirs", false]]) {
      const button = element("button", { type: "button", textContent: text });
      button.settles = { item, mine };
      actions.append(button);
    }
    box.append(said, list, actions);
    return box;
  }

  /** What went wrong elsewhere than in the step in focus. */
  troubles(rows) {
    const box = this.one("[data-troubles]");
    if (!this.#isNew(box, rows.map((r) => `${r.mark} ${r.text}`))) return;
    box.replaceChildren(...rows.map((row) => {
      if (row.conflict) return this.conflict(row.conflict);
      const trouble = element("div", { className: "trouble", role: "alert" });
      trouble.append(element("p", { textContent: row.text }));
      if (row.value) trouble.append(element("p", { textContent: row.value, className: "written", dir: "auto" }));
      const actions = element("div", { className: "actions" });
      if (row.link) actions.append(element("a", { href: row.link.href, textContent: row.link.text }));
      for (const { text, done } of row.does ?? []) {
        const button = element("button", { type: "button", textContent: text });
        button.does = done;
        actions.append(button);
      }
      if (actions.children.length) trouble.append(actions);
      return trouble;
    }));
  }
}

export function address(place) {
  const query = new URLSearchParams(Object.entries(place).filter(([, value]) => value));
  return `?${query}`;
}
