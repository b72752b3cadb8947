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
  const heads = [...table.tHead.rows[0].cells].map(column);
  const whole = !page.querySelector("a[rel=next]") && !fresh.querySelector("a[rel=next]");
  const known = new Map([...table.querySelectorAll("tr[data-run]")].map((row) => [row.dataset.run, row]));
  let more = 0;
  for (const row of other.querySelectorAll("tr[data-run]")) {
    const mine = known.get(row.dataset.run);
    if (mine) cells(mine, row);
    else if (whole) table.tBodies[table.tBodies.length - 1].append(fitted(page, row, heads));
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

/** Which column a cell is of: columns come and go with what the runs hold, and those of this page stay as they are. */
function column(cell) {
  return cell.classList[0];
}

/** A new row with the columns of this page. */
function fitted(page, row, heads) {
  const made = page.importNode(row, true);
  const held = new Map([...made.cells].map((cell) => [column(cell), cell]));
  made.replaceChildren(...heads.map((name) => held.get(name) ?? page.createElement("td")));
  return made;
}

function cells(mine, row) {
  if (mine.contains(document.activeElement)) return;
  const fresh = new Map([...row.cells].map((cell) => [column(cell), cell]));
  for (const cell of mine.cells) if (column(cell) !== "c-pick") replace(cell, fresh.get(column(cell)));
}

function replace(old, now) {
  if (!old || !now || old.innerHTML === now.innerHTML || old.contains(document.activeElement)) return;
  old.innerHTML = now.innerHTML;
  for (const name of ["title", "class"]) if (now.hasAttribute(name)) old.setAttribute(name, now.getAttribute(name));
}
