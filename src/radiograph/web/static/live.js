// SPDX-License-Identifier: Apache-2.0
// An execution that is still filling: the server says when it stands otherwise, and what is on the page follows in its place.
import { times } from "./times.js";

const least = 2000; // ms between two looks at the page, however often it changes

/** Watch while the page is seen: a browser has few connections to a server, and a hidden page needs none of them. */
export function watch(page) {
  const note = page.querySelector("[data-live]");
  if (!note || !window.EventSource) return;
  let state = note.dataset.state;
  let source = null;
  let looked = 0;
  let waiting = 0;
  const look = async () => {
    waiting = 0;
    looked = Date.now();
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    follow(page, new DOMParser().parseFromString(await answer.text(), "text/html"), note);
  };
  const open = () => {
    source = new EventSource(note.dataset.live);
    source.onmessage = (event) => {
      const now = JSON.parse(event.data);
      if (now.state === state) return;
      state = now.state;
      tick(page, now);
      waiting ||= setTimeout(look, Math.max(0, looked + least - Date.now()));
    };
  };
  const close = () => {
    source?.close();
    source = null;
  };
  page.addEventListener("visibilitychange", () => (page.hidden ? close() : source || open()));
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => event.persisted && (source || open()));
  if (!page.hidden) open();
}

/** The counters at once, before the page is looked at again. */
function tick(page, now) {
  for (const chip of page.querySelectorAll("[data-part=chips] .chip")) {
    const word = chip.querySelector(".word");
    const count = chip.querySelector(".count");
    const value = word ? now.counts[word.textContent] : chip.getAttribute("href") === "?" ? now.total : undefined;
    if (count && value !== undefined) count.textContent = value.toLocaleString("en-US");
  }
}

/** What stands on the page takes what the fresh one has; rows keep their places, and new ones come last. */
function follow(page, fresh, note) {
  for (const name of ["sentence", "bar", "chips"]) replace(page.querySelector(`[data-part=${name}]`), fresh.querySelector(`[data-part=${name}]`));
  const table = page.querySelector("table.runs");
  const other = fresh.querySelector("table.runs");
  if (!other) return;
  if (!table) {
    if (page.querySelector("[data-part=none]")) location.reload();
    return;
  }
  const alike = table.tHead.textContent === other.tHead.textContent;
  const known = new Map([...table.querySelectorAll("tr[data-run]")].map((row) => [row.dataset.run, row]));
  let more = 0;
  for (const row of other.querySelectorAll("tr[data-run]")) {
    const mine = known.get(row.dataset.run);
    if (mine) cells(mine, row, alike);
    else if (alike && !page.querySelector("a[rel=next]") && !fresh.querySelector("a[rel=next]")) table.append(body(table, page.importNode(row, true)));
    else more += 1;
  }
  note.hidden = !more;
  if (more && !note.firstChild) {
    const link = page.createElement("a");
    link.href = location.href;
    link.textContent = "There are more runs than this page had: show them";
    note.replaceChildren(link);
  }
  times(page);
}

/** The last body of the table, with a row more. */
function body(table, row) {
  const last = table.tBodies[table.tBodies.length - 1];
  last.append(row);
  return last;
}

function cells(mine, row, alike) {
  if (mine.contains(document.activeElement)) return;
  const pairs = alike ? [...mine.cells].map((cell, i) => [cell, row.cells[i]]) : [[mine.querySelector(".c-status"), row.querySelector(".c-status")]];
  for (const [old, now] of pairs) if (!old.classList.contains("c-pick")) replace(old, now);
}

function replace(old, now) {
  if (!old || !now || old.innerHTML === now.innerHTML || old.contains(document.activeElement)) return;
  old.innerHTML = now.innerHTML;
  for (const name of ["title", "class"]) if (now.hasAttribute(name)) old.setAttribute(name, now.getAttribute(name));
}
