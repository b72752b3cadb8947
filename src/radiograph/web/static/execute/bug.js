// SPDX-License-Identifier: Apache-2.0
// The form of a new defect: filled from what is in focus until somebody writes in it; what was written of one place waits while
// another is looked at.
import { write } from "./elements.js";
import { keyOf } from "./model.js";
import { bugText } from "./words.js";

export class BugForm {
  constructor(page, model) {
    Object.assign(this, { page, model, touched: false, drafts: new Map() });
    this.box = page.querySelector("[data-report]");
    this.form = this.box.querySelector("form");
    this.form.addEventListener("input", () => { this.touched = true; });
  }

  show(item, items, result) {
    this.box.hidden = item.kind === "example";
    const place = keyOf(item.place);
    if (this.form.dataset.place !== place) this.#swap(place);
    if (this.touched) return;
    const { summary, description } = this.#fields();
    const name = this.page.querySelector("h1").textContent;
    write(summary, `${name}${item.kind === "step" ? `: step ${item.number}` : ""} fails`.slice(0, 255));
    const base = this.page.querySelector("[data-execute]").dataset.base;
    const link = new URL(`${base}/runs/${this.model.state.id}`, this.page.baseURI);
    write(description, bugText(this.model.state, items, item, result, link));
  }

  #fields() {
    const own = this.form.elements;
    return { project: own["bug-project"], summary: own["bug-summary"], description: own["bug-description"] };
  }

  get value() {
    return Object.fromEntries(Object.entries(this.#fields()).map(([name, field]) => [name, field.value]));
  }

  #swap(place) {
    if (this.touched) this.drafts.set(this.form.dataset.place, this.value);
    const draft = this.drafts.get(place);
    this.drafts.delete(place);
    this.form.dataset.place = place;
    this.touched = Boolean(draft);
    if (!draft) return;
    for (const [name, field] of Object.entries(this.#fields())) write(field, draft[name]);
    this.box.open = true;
  }

  /** It was sent: the next one begins anew. */
  sent() {
    this.touched = false;
    this.box.open = false;
  }
}
