// SPDX-License-Identifier: Apache-2.0
// What has been changed and not been taken by the server yet: kept in the browser at once, each change by itself, so that a reload,
// a lost connection or a second tab loses none. Files are in IndexedDB, the rest in localStorage.

const MOST_AGE = 30 * 86_400_000;
let count = 0;

/** An id that no other change has; ids sort by the time at which they were made. */
export function newId() {
  const random = crypto.getRandomValues(new Uint32Array(2));
  count += 1;
  const time = Date.now().toString(36).padStart(9, "0");
  return `${time}-${count.toString(36).padStart(4, "0")}-${random[0].toString(36)}${random[1].toString(36)}`;
}

export class Queue {
  /**
   * The changes of a person in a run; `base` tells instances of one host apart. Where the browser keeps nothing, they last as long as
   * the page.
   */
  constructor(base, run, person, storage = safeStorage()) {
    this.start = `radiograph${encodeURIComponent(base)}:run:`;
    this.prefix = `${this.start}${run}:${encodeURIComponent(person)}:`;
    this.run = run;
    this.person = person;
    this.storage = storage;
    this.keeps = storage instanceof Storage;
  }

  /** All of them, in the order in which they were made. */
  items() {
    return this.#keys(this.prefix).sort().map((key) => read(this.storage, key)).filter(Boolean);
  }

  #keys(start) {
    return Array.from({ length: this.storage.length }, (_, i) => this.storage.key(i)).filter((key) => key?.startsWith(start));
  }

  put(item) {
    try {
      this.storage.setItem(this.prefix + item.id, JSON.stringify(item));
    } catch {
      // The browser's room is used up: the page goes on without it, and says so.
      const memory = new Memory();
      for (const one of [...this.items(), item]) memory.setItem(this.prefix + one.id, JSON.stringify(one));
      this.storage = memory;
      this.keeps = false;
    }
  }

  get(id) {
    return read(this.storage, this.prefix + id);
  }

  remove(id) {
    this.storage.removeItem(this.prefix + id);
  }

  /** How many changes of other people wait in this browser for this run, by person. */
  ofOthers() {
    const found = new Map();
    const start = `${this.start}${this.run}:`;
    for (const key of this.#keys(start)) {
      const person = decodeURIComponent(key.slice(start.length).split(":")[0]);
      if (person !== this.person) found.set(person, (found.get(person) ?? 0) + 1);
    }
    return found;
  }

  /** The other runs in which changes of this person wait. */
  otherRuns() {
    const named = this.#keys(this.start).map((key) => key.slice(this.start.length).split(":"));
    return new Set(named.filter(([run, who]) => run !== String(this.run) && decodeURIComponent(who) === this.person).map(([run]) => run));
  }

  /** For how long a change has waited, in milliseconds: the server's clock may be another one. */
  static age(item) {
    return Math.min(Math.max(0, Date.now() - item.made), MOST_AGE);
  }
}

function read(storage, key) {
  try {
    return JSON.parse(storage.getItem(key));
  } catch {
    return null;
  }
}

function safeStorage() {
  try {
    localStorage.setItem("radiograph:try", "1");
    localStorage.removeItem("radiograph:try");
    return localStorage;
  } catch {
    return new Memory();
  }
}

class Memory {
  #items = new Map();
  get length() { return this.#items.size; }
  key(at) { return [...this.#items.keys()][at]; }
  getItem(key) { return this.#items.get(key) ?? null; }
  setItem(key, value) { this.#items.set(key, value); }
  removeItem(key) { this.#items.delete(key); }
}

/** The files that wait, by the id of their change. */
export class Blobs {
  #memory = new Map();
  #open;

  constructor() {
    this.#open = new Promise((done) => {
      try {
        const asked = indexedDB.open("radiograph", 1);
        asked.onupgradeneeded = () => asked.result.createObjectStore("files");
        asked.onsuccess = () => done(asked.result);
        asked.onerror = () => done(null);
      } catch {
        done(null);
      }
    });
  }

  async #ask(mode, work) {
    const db = await this.#open;
    if (!db) throw new Error("no database");
    return new Promise((done, failed) => {
      const turn = db.transaction("files", mode);
      const asked = work(turn.objectStore("files"));
      turn.oncomplete = () => done(asked.result);
      turn.onerror = turn.onabort = () => failed(turn.error);
    });
  }

  /** Keep a file; whether it survives a reload. */
  async put(id, blob) {
    this.#memory.set(id, blob);
    try {
      await this.#ask("readwrite", (files) => files.put(blob, id));
      return true;
    } catch {
      return false;
    }
  }

  async get(id) {
    if (this.#memory.has(id)) return this.#memory.get(id);
    try {
      return (await this.#ask("readonly", (files) => files.get(id))) ?? null;
    } catch {
      return null;
    }
  }

  async remove(id) {
    this.#memory.delete(id);
    try {
      await this.#ask("readwrite", (files) => files.delete(id));
    } catch {
      // It was in memory only.
    }
  }
}
