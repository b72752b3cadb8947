// SPDX-License-Identifier: Apache-2.0
// What a person does to the run becomes changes that wait; what became of them becomes words, or a choice between two values.
import { keyOf } from "./model.js";
import { newId } from "./queue.js";

const REPLACED = ["status", "comment", "actual", "custom"];
export const RUN = { iteration: 0, step: 0, example: 0 };

export class Edits {
  constructor(model, queue, sender, blobs) {
    Object.assign(this, { model, queue, sender, blobs, previews: new Map(), progress: new Map() });
  }

  /**
   * Change a field; `was` is what the person saw there. A change that hasn't left yet takes the new value. One that was sent once,
   * from whichever tab, may be there though no answer came: it stays as it was sent, and the new value goes behind it.
   */
  set(place, field, value, { was, key = "", typing = false, ...more } = {}) {
    const same = this.queue.items().filter((i) => i.field === field && i.key === key && keyOf(i.place) === keyOf(place) && i.state !== "refused");
    const clash = same.find((i) => i.state === "conflict");
    const last = same.at(-1);
    if (clash && REPLACED.includes(field)) {
      this.queue.remove(clash.id);
      if (!equal(clash.theirs, value)) this.#add(place, field, value, clash.theirs, key, more);
    } else if (last && REPLACED.includes(field) && !last.sent) {
      if (equal(last.was, value)) this.queue.remove(last.id);
      else this.queue.put({ ...last, value });
    } else if (last && REPLACED.includes(field)) {
      if (!equal(last.value, value)) this.#add(place, field, value, last.value, key, more);
    } else if (!REPLACED.includes(field) || !equal(was, value)) {
      this.#add(place, field, value, was, key, more);
    }
    this.sender.kick({ typing });
  }

  #add(place, field, value, was, key, more) {
    this.queue.put({ id: newId(), place, field, value, was, key, made: Date.now(), state: "waiting", ...more });
  }

  /** Take files as evidence; what is wrong with those that can't be taken. */
  async addFiles(place, files) {
    const wrong = [];
    const limit = this.model.state.longestFile;
    for (const file of files) {
      if (file.size > limit) {
        wrong.push(`${file.name} has ${size(file.size)}; a file may have ${size(limit)} at most.`);
        continue;
      }
      const id = newId();
      const kept = await this.blobs.put(id, file);
      if (!kept) wrong.push(`This browser can't keep ${file.name} over a reload; leave the page open until it is sent.`);
      this.queue.put({ id, place, field: "file", name: named(file), size: file.size, type: file.type, value: "", was: null, key: "", made: Date.now(), state: "waiting" });
    }
    this.sender.kick();
    return wrong;
  }

  /** The picture of a file that waits: an address of the browser's own. */
  async preview(item) {
    if (!this.previews.has(item.id)) {
      const blob = await this.blobs.get(item.id);
      this.previews.set(item.id, blob && item.type.startsWith("image/") ? URL.createObjectURL(blob) : "");
    }
    return this.previews.get(item.id);
  }

  /** Take a change back that waits; a file that is on its way is stopped. */
  takeBack(item) {
    this.sender.uploads.get(item.id)?.abort();
    if (item.field === "add-defect" && this.queue.get(item.id)?.sent) this.set(item.place, "remove-defect", item.value);
    else this.forget(item);
  }

  forget(item) {
    this.queue.remove(item.id);
    if (item.field !== "file") return;
    this.blobs.remove(item.id);
    URL.revokeObjectURL(this.previews.get(item.id) ?? "");
    this.previews.delete(item.id);
  }

  /** A conflict is settled: `mine` is sent upon theirs, or goes. */
  settle(item, { mine }) {
    this.queue.remove(item.id);
    if (mine) this.#add(item.place, item.field, item.value, item.theirs, item.key, {});
    this.sender.kick();
  }

  /** Send what was refused once more, as a new change. */
  async again(item) {
    const { message: _, sent: __, ...change } = item;
    const id = newId();
    const blob = item.field === "file" ? await this.blobs.get(item.id) : null;
    if (blob) await this.blobs.put(id, blob);
    this.forget(item);
    this.queue.put({ ...change, id, state: "waiting" });
    this.sender.kick();
  }

  conflicts(place) {
    return this.queue.items().filter((i) => i.state === "conflict" && (!place || keyOf(i.place) === keyOf(place)));
  }

  refusals() {
    return this.queue.items().filter((i) => i.state === "refused");
  }

  /** What the server took. */
  accepted(item, outcome) {
    const kept = this.queue.get(item.id);
    if (kept) this.model.accept(item, outcome);
    this.forget(item);
    if (kept && !equal(kept.value, item.value)) this.#add(item.place, item.field, kept.value, item.value, item.key, {});
  }

  /** What met another's value: a later change of the same field speaks for it; one that was sent too has an answer of its own. */
  conflicted(item, outcome) {
    const later = this.queue.items().find((i) => i.id !== item.id && i.state === "waiting" && i.field === item.field && i.key === item.key && keyOf(i.place) === keyOf(item.place));
    if (!this.queue.get(item.id)) return;
    if (later) {
      this.queue.remove(item.id);
      if (!later.sent) this.queue.put({ ...later, was: item.was });
    } else this.queue.put({ ...item, state: "conflict", theirs: outcome.theirs ?? "", by: outcome.by, at: outcome.at });
  }

  rejected(item, message) {
    if (this.queue.get(item.id)) this.queue.put({ ...item, state: "refused", message });
  }
}

function equal(one, other) {
  return String(one ?? "") === String(other ?? "");
}

function named(file) {
  if (file.name && file.name !== "image.png") return file.name;
  const now = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 19).replaceAll(":", "-").replace("T", " ");
  return `Screenshot ${now}.png`;
}

/** Bytes as people say them, as the server does. */
export function size(count) {
  for (const [name, unit] of [["GB", 1e9], ["MB", 1e6], ["kB", 1e3]]) if (count >= unit) return `${(count / unit).toFixed(1)} ${name}`;
  return `${count} B`;
}
