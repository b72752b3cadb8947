// SPDX-License-Identifier: Apache-2.0
// The page of a run: an iteration's steps are fetched when it is opened; who else changes the run is told.

for (const details of document.querySelectorAll("details[data-more]")) {
  details.addEventListener("toggle", async () => {
    const address = details.dataset.more;
    if (!details.open || !address) return;
    delete details.dataset.more;
    const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) return; // The link inside still leads there.
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".inside");
    if (fresh) details.querySelector(".inside").replaceWith(fresh);
  });
}

const every = 5000; // ms
const notice = document.querySelector("[data-changes]");

function said(now) {
  const last = now.changes.at(-1);
  if (!last) return "A report gave this run another result.";
  const who = last.user || "Somebody";
  return last.field === "status" ? `${who} changed this to ${last.after}.` : `${who} changed the ${last.field}.`;
}

async function look() {
  if (document.hidden) return;
  const answer = await fetch(`${notice.dataset.changes}?seen=${notice.dataset.seen}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const now = await answer.json();
  if (!now.changes.length && !now.replaced) return;
  notice.firstElementChild.textContent = said(now);
  notice.hidden = false;
}

if (notice) {
  setInterval(look, every);
  document.addEventListener("visibilitychange", look);
}

