// SPDX-License-Identifier: Apache-2.0
// An execution that is still filling: the server says when it stands otherwise, and what is on the page follows in its place.
import { times } from "./times.js";

const least = 2000; // ms between two looks at the page, however often it changes
const again = 10_000; // ms until a look that failed, or a line that the browser gave up, is tried again

/** Watch while the page is seen: a browser has few connections to a server, and a hidden page needs none of them. */
export function watch(page) {
  const note = page.querySelector("[data-live]");
  if (!note || !window.EventSource) return;
  let shown = note.dataset.state;
  let told = shown;
  let source = null;
  let looked = 0;
  let waiting = 0;
  let opening = 0;
  let looking = false; // one at a time: of two that overlap the older could come last
  const plan = (ms) => { waiting ||= setTimeout(look, ms); };
  const look = async () => {
    waiting = 0;
    if (looking) return;
    looking = true;
    looked = Date.now();
    const wanted = told;
    const html = await fresh();
    looking = false;
    if (html !== null) {
      shown = wanted;
      follow(page, new DOMParser().parseFromString(html, "text/html"), note);
    }
    if (shown !== told) plan(html === null ? again : least);
  };
  const open = () => {
    clearTimeout(opening);
    source?.close();
    source = new EventSource(note.dataset.live);
    source.onmessage = (event) => {
      const now = JSON.parse(event.data);
      told = now.state;
      if (told === shown) return;
      tick(page, now);
      plan(Math.max(0, looked + least - Date.now()));
    };
    // A browser comes back after a lost line, but never after an answer such as a proxy's 502.
    source.onerror = () => {
      if (source?.readyState !== EventSource.CLOSED) return;
      clearTimeout(opening);
      opening = setTimeout(open, again);
    };
  };
  const close = () => {
    clearTimeout(opening);
    source?.close();
    source = null;
  };
  page.addEventListener("visibilitychange", () => (page.hidden ? close() : source || open()));
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => event.persisted && (source || open()));
  if (!page.hidden) open();
}

/** The page as it is now; null where it can't be had. */
async function fresh() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    return answer.ok && !answer.redirected ? await answer.text() : null;
  } catch {
    return null;
  }
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
  if (!table) {
    if (other && page.querySelector("[data-part=none]")) location.reload();
    return;
  }
  const heads = [...table.tHead.rows[0].cells].map(column);
  const whole = !page.querySelector("a[rel=next]") && !fresh.querySelector("a[rel=next]");
  const known = new Map([...table.querySelectorAll("tr[data-run]")].map((row) => [row.dataset.run, row]));
  let more = 0;
  for (const row of other?.querySelectorAll("tr[data-run]") ?? []) {
    const mine = known.get(row.dataset.run);
    known.delete(row.dataset.run);
    mine?.classList.remove("gone");
    if (mine) cells(mine, row);
    else if (whole) table.tBodies[table.tBodies.length - 1].append(fitted(page, row, heads));
    else more += 1;
  }
  for (const row of known.values()) row.classList.add("gone");
  say(page, note, [known.size && "The dimmed runs are no longer here", more && "There are more runs than this page had"].filter(Boolean));
  times(page);
}

/** What can't be put right in place, with the way to the page as it is now. */
function say(page, note, texts) {
  note.hidden = !texts.length;
  const text = texts.length ? `${texts.join(". ")}: show the page as it is now` : "";
  if (note.textContent === text) return;
  const link = page.createElement("a");
  link.href = location.href;
  link.textContent = text;
  note.replaceChildren(...(text ? [link] : []));
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

const written = new WeakMap();

/** Titles of times are put in afterwards, in the reader's zone: what came from the server is what counts. */
function sameInside(old, now) {
  return (written.get(old) ?? old.innerHTML) === now.innerHTML;
}

function replace(old, now) {
  if (!old || !now || sameInside(old, now) || old.contains(document.activeElement)) return;
  old.innerHTML = now.innerHTML;
  written.set(old, now.innerHTML);
  for (const name of ["title", "class"]) if (now.hasAttribute(name)) old.setAttribute(name, now.getAttribute(name));
}
