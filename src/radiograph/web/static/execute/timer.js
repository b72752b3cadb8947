// SPDX-License-Identifier: Apache-2.0
// How long the run has taken, pauses left out: by the server's times, and by what waits to be told to it.

/** `{ ms, started, paused }` at the local time `now`; `offset` is how far the local clock is ahead of the server's. */
export function elapsed(timer, items, offset, now) {
  const first = items.find((i) => i.field === "status" && i.value !== "TODO");
  const started = timer.started === null ? (first?.made ?? null) : timer.started + offset;
  let { paused, pausedMs } = timer;
  let since = timer.now + offset;
  for (const item of items.filter((i) => i.field === "timer")) {
    if (item.value === "paused" && !paused) [paused, since] = [true, item.made];
    else if (item.value === "running" && paused) [paused, pausedMs] = [false, pausedMs + item.made - since];
  }
  const end = timer.finished === null ? now : timer.finished + offset;
  const still = paused && timer.finished === null ? Math.max(0, now - since) : 0;
  return { ms: started === null ? 0 : Math.max(0, end - started - pausedMs - still), started, paused };
}

/** `0:04:09` */
export function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  const two = (n) => String(n).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
