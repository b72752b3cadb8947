// SPDX-License-Identifier: Apache-2.0
// The page of a file: keys that zoom, the slider between two images, a line's address that lies in another window.
const steps = [...document.querySelectorAll("[data-zoom]")];

function zoom(by) {
  const at = steps.findIndex((step) => step.hasAttribute("aria-current"));
  const next = by === 0 ? 0 : Math.min(steps.length - 1, Math.max(0, at + by));
  if (steps[next] && next !== at) show(steps[next]);
}

/** Zoom in place: the images stay loaded, and the address says what is shown. */
function show(step) {
  const images = document.querySelector("[data-images]");
  for (const other of steps) {
    images.classList.remove(`zoom-${other.dataset.zoom}`);
    other.removeAttribute("aria-current");
  }
  images.classList.add(`zoom-${step.dataset.zoom}`);
  step.setAttribute("aria-current", "true");
  history.replaceState(null, "", step.href);
  for (const chip of document.querySelectorAll("[aria-label=Comparing] a")) {
    const address = new URL(chip.href);
    address.searchParams.set("zoom", step.dataset.zoom);
    chip.href = address.search;
  }
}

for (const step of steps) {
  step.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    show(step);
  });
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches?.("input, textarea, select")) return;
  const by = { "+": 1, "=": 1, "-": -1, 0: 0 }[event.key];
  if (by !== undefined && steps.length) zoom(by);
});

const slide = document.querySelector("[data-slide]");
const images = document.querySelector("[data-images]");
const place = () => images.style.setProperty("--shown", `${slide.value}%`);
if (slide) slide.addEventListener("input", place);

/** What lies on top of one another is scrolled as one; so is what stands side by side. */
const canvases = [...document.querySelectorAll(".canvas")];
for (const one of canvases) {
  one.addEventListener("scroll", () => {
    for (const other of canvases) {
      if (other === one) continue;
      if (other.scrollTop !== one.scrollTop) other.scrollTop = one.scrollTop;
      if (other.scrollLeft !== one.scrollLeft) other.scrollLeft = one.scrollLeft;
    }
  });
}

/** The server never sees what follows #: a line that isn't in this window is asked for. */
const log = document.querySelector("[data-log]");
function lineOfAddress() {
  const line = /^#L([1-9][0-9]{0,11})$/.exec(location.hash);
  if (!log || !line || document.getElementById(location.hash.slice(1))) return;
  const first = Math.max(1, Number(line[1]) - 20);
  if (new URLSearchParams(location.search).get("line") !== String(first)) location.replace(`?line=${first}${location.hash}`);
}
addEventListener("hashchange", lineOfAddress);
lineOfAddress();
