// SPDX-License-Identifier: Apache-2.0
// Sends what waits, in its order, until the server has taken it: again after a failure, later and later, and at once when the
// connection is back. Changes and files go beside each other, so that a big file doesn't hold a status up.
import { Queue } from "./queue.js";

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 15_000;
const AT_ONCE = 100;
const TYPING = 700;
const TIME_OUT = 30_000;

export class Sender {
  /** `heard` is told what became of each: accepted(item, outcome), rejected(item, message), conflicted(item, outcome), changed(). */
  constructor(address, queue, blobs, heard) {
    this.address = address;
    this.queue = queue;
    this.blobs = blobs;
    this.heard = heard;
    this.uploads = new Map();
    this.connection = "on";
    this.lanes = { changes: { busy: false, wait: 0, timer: 0 }, files: { busy: false, wait: 0, timer: 0 } };
  }

  /** What waits and isn't stopped by a conflict or a refusal. */
  waiting() {
    return this.queue.items().filter((item) => item.state === "waiting");
  }

  /** Send what waits: at once, or what is still being typed a little later. */
  kick({ typing = false } = {}) {
    if (typing) {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.kick(), TYPING);
      return;
    }
    clearTimeout(this.typing);
    this.typing = 0;
    for (const [name, lane] of Object.entries(this.lanes)) {
      lane.wait = 0;
      clearTimeout(lane.timer);
      this.#drain(name);
    }
  }

  async #drain(name) {
    const lane = this.lanes[name];
    if (lane.busy) return;
    lane.busy = true;
    try {
      await alone(`${this.queue.prefix}${name}`, async () => {
        for (;;) {
          const items = this.waiting().filter((item) => (item.field === "file") === (name === "files"));
          if (!items.length || this.connection === "signed-out") return;
          const sent = name === "files" ? await this.#file(items[0]) : await this.#changes(items);
          if (!sent) return this.#later(name);
          lane.wait = 0;
          this.#connected("on");
        }
      });
    } finally {
      lane.busy = false;
      this.heard.changed();
    }
    return undefined;
  }

  #later(name) {
    const lane = this.lanes[name];
    lane.wait = Math.min(LONGEST_WAIT, lane.wait ? lane.wait * 2 : FIRST_WAIT);
    clearTimeout(lane.timer);
    // What is being typed goes when its writer pauses, and this with it: half a text is never sent because of a failure before.
    if (this.connection !== "signed-out") lane.timer = setTimeout(() => this.typing || this.#drain(name), lane.wait);
  }

  #connected(how) {
    if (this.connection === how) return;
    this.connection = how;
    this.heard.changed();
  }

  /** The server answered by another way: it is there again. */
  reached() {
    if (this.connection === "on") return;
    this.connection = "on";
    this.kick();
    this.heard.changed();
  }

  lost() {
    if (this.connection === "on") this.#connected("off");
  }

  signedOut() {
    this.#connected("signed-out");
  }

  async #changes(items) {
    const bug = items.findIndex((item) => item.field === "bug");
    const batch = bug === 0 ? items.slice(0, 1) : items.slice(0, bug < 0 ? AT_ONCE : Math.min(bug, AT_ONCE));
    for (const item of batch) if (!item.sent) this.queue.put({ ...item, sent: true });
    try {
      const [path, body] = bug === 0 ? ["bug", bugBody(batch[0])] : ["changes", batch.map(changeBody)];
      const headers = { "Content-Type": "application/json", ...named(this.queue.person) };
      const answer = await ask(`${this.address}/${path}`, { method: "POST", body: JSON.stringify(body), headers });
      return this.#judged(answer.status, batch, await outcomes(answer, batch));
    } catch {
      this.#connected("off");
      return false;
    }
  }

  /** Take what the server said of each; false: try again later. */
  #judged(status, batch, told) {
    if (status === 401) {
      this.#connected("signed-out");
      return false;
    }
    if (status === 408 || status === 425 || status === 429 || status >= 500) {
      this.#connected(status === 429 ? "on" : "off");
      return false;
    }
    if (!told.every(Boolean)) {
      this.#connected("off");
      return false;
    }
    batch.forEach((item, at) => {
      // Taken back or changed while it was under way: what is kept now decides, and what was sent is there all the same.
      const outcome = told[at];
      if (outcome.outcome === "applied") this.heard.accepted(item, outcome);
      else if (outcome.outcome === "conflict") this.heard.conflicted(item, outcome);
      else this.heard.rejected(item, outcome.message);
    });
    return true;
  }

  async #file(item) {
    const blob = await this.blobs.get(item.id);
    if (!this.queue.get(item.id)) return true;
    if (!blob) {
      this.heard.rejected(item, `${item.name} is gone from this browser; add it again.`);
      return true;
    }
    try {
      const answer = await this.#upload(item, blob);
      return answer === null || this.#judged(answer.status, [item], [readOutcome(answer.status, answer.text)]);
    } catch {
      this.#connected("off");
      return false;
    } finally {
      this.uploads.delete(item.id);
    }
  }

  /** What the server answered, or null when the person took the file back. */
  #upload(item, blob) {
    const query = new URLSearchParams({ id: item.id, name: item.name, step: item.place.step, iteration: item.place.iteration });
    return new Promise((done, failed) => {
      const request = new XMLHttpRequest();
      request.open("POST", `${this.address}/evidence?${query}`);
      request.setRequestHeader("Content-Type", item.type || "application/octet-stream");
      for (const [name, value] of Object.entries({ "X-Requested-With": "fetch", ...named(this.queue.person) })) request.setRequestHeader(name, value);
      request.upload.onprogress = (event) => event.lengthComputable && this.heard.progress(item, event.loaded / event.total);
      request.onload = () => done({ status: request.status, text: request.responseText });
      request.onerror = request.ontimeout = failed;
      request.onabort = () => done(null);
      this.uploads.set(item.id, request);
      request.send(blob);
    });
  }
}

/** A request as the pages send them: signed in by the cookie, and without the browser's own question for a password. */
export function ask(address, options = {}) {
  const headers = { "X-Requested-With": "fetch", ...options.headers };
  return fetch(address, { credentials: "same-origin", signal: AbortSignal.timeout(TIME_OUT), ...options, headers });
}

/** Who a request is of: it is refused where another has signed in meanwhile, in another tab. */
export function named(person) {
  return { "X-Radiograph-Person": encodeURIComponent(person) };
}

/** Whether Radiograph itself answered, and not what stands before it: a page of maintenance, or one to sign in. */
export function isOurs(answer) {
  return answer.status === 304 || Boolean(answer.headers.get("Content-Type")?.startsWith("application/json"));
}

/** One tab sends at a time, where the browser can hold the others; ids make sure that nothing is done twice where it can't. */
function alone(name, work) {
  return navigator.locks ? navigator.locks.request(name, { ifAvailable: true }, (lock) => (lock ? work() : undefined)) : work();
}

function changeBody(item) {
  const { id, field, value, was, key = "" } = item;
  return { id, field, value, was: was ?? null, key, ...item.place, age: Queue.age(item) };
}

function bugBody(item) {
  const { iteration, step } = item.place;
  return { id: item.id, ...item.value, iteration, step };
}

/** What became of each; nothing where it wasn't Radiograph that answered. */
async function outcomes(answer, batch) {
  const text = await answer.text();
  const found = parsed(text);
  if (batch[0].field === "bug" || !answer.ok) return batch.map(() => readOutcome(answer.status, text));
  return batch.map((_, at) => (Array.isArray(found) && typeof found[at]?.outcome === "string" ? found[at] : null));
}

function readOutcome(status, text) {
  const found = parsed(text);
  if (status < 300) return typeof found?.outcome === "string" ? found : null;
  if (typeof found?.message === "string") return { outcome: "refused", message: found.message };
  // A proxy that takes no file of this size says so in its own way, and won't take it later either.
  return status === 413 ? { outcome: "refused", message: "It is too large for the server." } : null;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
