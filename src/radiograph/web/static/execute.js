// SPDX-License-Identifier: Apache-2.0
// Manual execution: what is done is shown at once, kept in the browser at once, and sent in the background.
import { Edits, RUN } from "./execute/edits.js";
import { evidence } from "./execute/files.js";
import { keys } from "./execute/keys.js";
import { keyOf, Model } from "./execute/model.js";
import { Blobs, Queue } from "./execute/queue.js";
import { ask, isOurs, named, Sender } from "./execute/sender.js";
import { suggestions } from "./execute/defects.js";
import { clock, elapsed } from "./execute/timer.js";
import { address, View } from "./execute/view.js";
import { amount, kept, placeName, written } from "./execute/words.js";

const POLL = 3000;
const root = document.querySelector("[data-execute]");
const { execute: run, person, base } = root.dataset;
const queue = new Queue(base, run, person);
const blobs = new Blobs();
const model = new Model(JSON.parse(document.getElementById("state").textContent), queue);
const mayEdit = model.state.mayEdit;
const notes = [];
let offset = Date.now() - model.state.timer.now;
let generation = 0;
let iteration = Number(document.querySelector("[data-scope]")?.value ?? model.state.scopes[0].iteration);
let items = model.items(iteration);
let at = Math.max(0, Number(document.querySelector("[data-rail] [aria-current]")?.dataset.item ?? 1) - 1);

const sender = new Sender(`${base}/api/testrun/${run}`, queue, blobs, {
  accepted(item, outcome) {
    generation += 1;
    edits.accepted(item, outcome);
    view.took(item);
    if (item.field === "status" && item.value !== "TODO") model.state.timer.started ??= item.made - offset;
    if (item.field === "finish") model.state.timer.finished ??= item.made - offset;
    if (item.field === "open") model.state.timer.finished = null;
    soon();
  },
  conflicted(item, outcome) {
    edits.conflicted(item, outcome);
    soon();
  },
  rejected(item, message) {
    edits.rejected(item, message);
  },
  progress(item, part) {
    edits.progress.set(item.id, part);
    const bar = document.querySelector(`[data-waits="${item.id}"] progress`);
    if (bar) bar.value = part;
  },
  changed: () => draw(),
});
const edits = new Edits(model, queue, sender, blobs);
const view = new View(document, model, edits);
const others = mayEdit ? sendersOfOtherRuns() : [];

/** What was left undone on the pages of other runs is sent from here too. */
function sendersOfOtherRuns() {
  return [...queue.otherRuns()].map((number) => {
    const own = new Queue(base, number, person);
    const keep = new Edits(model, own, { kick() {}, uploads: new Map() }, blobs);
    return new Sender(`${base}/api/testrun/${number}`, own, blobs, {
      accepted: (item) => keep.forget(item), conflicted: (item, o) => keep.conflicted(item, o), rejected: (item, m) => keep.rejected(item, m),
      progress() {}, changed: () => draw(),
    });
  });
}

/** What is drawn may hide what has the focus: it goes to the step's heading then, and not to the top of the page. */
function draw() {
  const held = document.activeElement;
  paint();
  if (held && held !== document.body && !(held.isConnected && held.checkVisibility())) leave();
}

function leave() {
  const heading = document.getElementById("focus");
  if (heading) heading.focus({ preventScroll: true });
  else document.activeElement.blur();
}

function paint() {
  const clashes = edits.conflicts();
  view.rail(items, items[at], new Set(clashes.map((i) => keyOf(i.place))));
  view.focus(items[at], items);
  if (!items.length) view.bug?.show({ kind: "run", place: RUN, expected: "" }, [], model.result(RUN));
  view.whole(items);
  view.troubles(troubles(clashes));
  tick();
  say();
}

function troubles(clashes) {
  const here = items[at] ? keyOf(items[at].place) : "";
  const rows = [];
  for (const item of clashes) {
    const key = keyOf(item.place);
    if (key === here) continue;
    if (key === "run") rows.push({ mark: item.id, text: `${item.theirs} ${item.value}`, conflict: item });
    else rows.push({ mark: item.id, text: "Another tester has set another value in a step; choose which one stays.", link: { href: address(item.place), text: "Go there" } });
  }
  for (const item of edits.refusals()) {
    const text = `${item.field === "file" ? `${item.name} was not taken` : `${placeName(item.place)}: a change was not taken`}: ${item.message}`;
    const does = [{ text: "Try again", done: () => edits.again(item) }, { text: "Leave it", done: () => edits.forget(item) }];
    rows.push({ mark: item.id, text, value: written(item), does });
  }
  notes.forEach((text, i) => rows.push({ mark: `note${i}`, text, does: [{ text: "Good", done: () => notes.splice(notes.indexOf(text), 1) }] }));
  for (const [who, count] of queue.ofOthers()) {
    rows.push({ mark: who, text: `${amount(count, "change")} of ${who} ${count === 1 ? "waits" : "wait"} in this browser, to be sent when ${who} signs in here.` });
  }
  for (const other of others) {
    const stopped = other.queue.items().filter((i) => i.state !== "waiting").length;
    if (stopped) rows.push({ mark: other.address, text: `${amount(stopped, "change")} of another run needs you.`, link: { href: `${base}/runs/${other.queue.run}/execute`, text: "Go there" } });
  }
  return rows;
}

function say() {
  const place = document.querySelector("[data-kept]");
  if (!place) return;
  const waiting = [sender, ...others].reduce((sum, s) => sum + s.waiting().length, 0);
  const text = kept(sender, waiting, queue.keeps);
  place.toggleAttribute("data-waits", sender.connection !== "on");
  if (place.dataset.text === text) return;
  place.dataset.text = text;
  place.textContent = text;
  if (sender.connection !== "signed-out") return;
  const link = document.createElement("a");
  link.href = `${base}/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
  link.textContent = "Sign in again";
  place.append(" ", link);
}

function tick() {
  const waiting = queue.items().filter((i) => i.state === "waiting");
  const { ms, started, paused } = elapsed(model.state.timer, waiting, offset, Date.now());
  document.querySelector("[data-clock]").textContent = clock(ms);
  const button = document.querySelector("[data-timer]");
  if (!button) return;
  button.hidden = started === null || model.isFinal(model.runStatus());
  const word = paused ? "Resume" : "Pause";
  if (button.textContent !== word) button.textContent = word;
  button.value = paused ? "running" : "paused";
}

/** Put a step into focus; the address follows. */
function go(index) {
  if (!items[index]) return;
  at = index;
  history.replaceState(null, "", address({ iteration, ...items[at].place, ...(items[at].kind === "example" ? { iteration } : {}) }));
  draw();
  const row = document.querySelector("[data-rail] [aria-current]");
  row?.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (document.activeElement?.matches?.("input[type=radio], textarea")) leave();
}

function setStatus(name) {
  const item = items[at];
  if (!item || !model.state.stepStatuses.some((s) => s.name === name)) return;
  edits.set(item.place, "status", name, { was: model.result(item.place).status });
  draw();
}

let asked;
function soon() {
  clearTimeout(asked);
  asked = setTimeout(poll, 150);
}

/** What others have done. An answer that was asked for before a change of ours was taken is older than what is shown. */
async function poll() {
  clearTimeout(asked);
  const then = generation;
  try {
    const answer = await ask(`${base}/api/testrun/${run}/execution`, { headers: { "If-None-Match": `"${model.state.version}"`, ...named(person) } });
    if (answer.status === 401) sender.signedOut();
    else if (answer.status >= 500 || !isOurs(answer)) sender.lost();
    else sender.reached();
    if (answer.ok && answer.status === 200) {
      const state = await answer.json();
      if (then === generation) {
        model.state = state;
        offset = Date.now() - state.timer.now;
        items = model.items(iteration);
        draw();
      } else soon();
    }
  } catch {
    sender.lost();
  }
}

function wire() {
  document.addEventListener("click", (event) => {
    const target = event.target.closest("a, button");
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey; // into another tab or window
    if (!target || elsewhere || !mayEdit) return;
    if (target.settles) edits.settle(target.settles.item, target.settles);
    else if (target.does) target.does();
    else if (target.edited) remove(target);
    else if (target.closest("[data-rail] li")) go(Number(target.closest("li").dataset.item) - 1);
    else if (target.matches("[data-step]")) go(at + Number(target.dataset.step));
    else if (target.matches("[data-timer]")) edits.set(RUN, "timer", target.value);
    else if (target.matches("[data-open]")) edits.set(RUN, "open", "");
    else if (target.matches("[data-finish]")) finish();
    else return;
    event.preventDefault();
    draw();
  });
  for (const form of document.querySelectorAll("[data-form], .timer, #taking")) form.addEventListener("submit", (event) => event.preventDefault());
  document.querySelector("[data-form=item]")?.addEventListener("change", (event) => {
    if (event.target.name === "status") setStatus(event.target.value);
  });
  document.addEventListener("input", (event) => typed(event.target));
  document.addEventListener("focusout", () => { sender.kick(); setTimeout(draw); });
  document.querySelector("[data-scope]")?.addEventListener("change", (event) => {
    if (!mayEdit) return event.target.form.requestSubmit(); // the results of those who only look are the server's
    iteration = Number(event.target.value);
    items = model.items(iteration);
    const values = Object.entries(model.values(iteration)).map(([name, value]) => {
      const pair = document.createElement("div");
      pair.append(Object.assign(document.createElement("dt"), { textContent: name }), Object.assign(document.createElement("dd"), { textContent: value }));
      return pair;
    });
    document.querySelector("[data-values]").replaceChildren(...values);
    const open = items.findIndex((item) => model.result(item.place).status === "TODO");
    return go(Math.max(0, open));
  });
  document.querySelector("[data-form=bug]")?.addEventListener("submit", report);
}

function remove(button) {
  const { field, value, item } = button.edited;
  const place = button.closest("[data-form=run]") ? RUN : items[at].place;
  if (item) edits.takeBack(item);
  else edits.set(place, field, value);
}

function typed(field) {
  const was = view.saw(field);
  if (field.name === "actual" || field.name === "comment") edits.set(items[at].place, field.name, field.value, { was, typing: true });
  else if (field.name === "run-comment") edits.set(RUN, "comment", field.value, { was, typing: true });
  else if (field.dataset.custom && field.type === "checkbox") {
    const boxes = [...document.querySelectorAll(`[data-custom="${field.dataset.custom}"]`)];
    const own = model.state.fields.find((f) => String(f.id) === field.dataset.custom);
    edits.set(RUN, "custom", boxes.filter((b) => b.checked).map((b) => b.value), { was: own.value ?? [], key: field.dataset.custom });
  } else if (field.dataset.custom) edits.set(RUN, "custom", field.value, { was, key: field.dataset.custom, typing: field.tagName === "INPUT" });
  else return;
  say();
}

function finish() {
  const chosen = document.querySelector("[data-final]").value;
  const lacking = model.lacking();
  if (lacking.length) {
    const field = model.state.fields.find((f) => f.name === lacking[0]);
    document.querySelector(`[data-custom="${field.id}"]`)?.focus();
  } else if (!chosen && !model.addsUp()) document.querySelector("[data-final]").focus();
  else edits.set(RUN, "finish", chosen || model.addsUp(), { was: model.runStatus() });
}

function report() {
  const place = items[at]?.kind === "step" ? items[at].place : RUN;
  edits.set(place, "bug", view.bug.value);
  view.bug.sent();
  draw();
}

wire();
if (mayEdit) {
  evidence(document, { add: async (whole, files) => {
    const place = whole || items[at]?.kind !== "step" ? RUN : items[at].place;
    const adding = edits.addFiles(place, files);
    notes.push(...(await adding));
    draw();
  } });
  suggestions(document, base, model.state.project, (whole, key, summary) => {
    edits.set(whole ? RUN : items[at].place, "add-defect", key, { summary });
    draw();
  });
  keys(document, { go: (step) => go(at + step), setStatus, statuses: () => model.state.stepStatuses, flush: () => sender.kick(), items: () => items });
  for (const one of [sender, ...others]) one.kick();
  addEventListener("online", () => [sender, ...others].forEach((s) => s.kick()));
  addEventListener("beforeunload", (event) => { if (!queue.keeps && sender.waiting().length) event.preventDefault(); });
}
addEventListener("storage", (event) => {
  const gone = event.newValue === null && event.key?.startsWith(queue.prefix) ? JSON.parse(event.oldValue) : null;
  if (gone?.sent && gone.state === "waiting") view.took(gone); // another tab sent it
  draw();
});
document.addEventListener("visibilitychange", () => { if (!document.hidden) poll(); });
setInterval(() => { if (!document.hidden) poll(); }, POLL);
setInterval(tick, 1000);
draw();
root.dataset.ready = "yes";
