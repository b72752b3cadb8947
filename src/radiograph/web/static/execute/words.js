// SPDX-License-Identifier: Apache-2.0
// What the page says in words.

export function amount(count, thing) {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

/** How things stand with what was changed: saved, or waiting and for what. */
export function kept(sender, waiting, keeps) {
  if (sender.connection === "signed-out") {
    return waiting ? `You are signed out. ${amount(waiting, "change")} ${waiting === 1 ? "is" : "are"} kept in this browser.` : "You are signed out.";
  }
  if (!waiting) return sender.connection === "off" ? "All saved. The server can't be reached just now" : "All saved";
  if (sender.connection === "off") return `${amount(waiting, "change")} ${waiting === 1 ? "waits" : "wait"} for the connection${keeps ? "" : ": keep this page open"}`;
  return `Saving ${amount(waiting, "change")}`;
}

export function ago(ms) {
  const minutes = Math.floor((Date.now() - ms) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  return minutes < 1440 ? `${Math.floor(minutes / 60)} h ago` : `${Math.floor(minutes / 1440)} d ago`;
}

/** Under which name the history keeps a field. */
export function label(place, field) {
  const name = field === "actual" ? "actual result" : field;
  if (place.example) return `example ${place.example} status`;
  if (!place.step) return name;
  return `${place.iteration ? `iteration ${place.iteration} ` : ""}step ${place.step} ${name}`;
}

/** What a change holds that somebody wrote; "" for one that is a choice or a file. */
export function written({ field, value }) {
  if (field === "bug") return `${value.summary}\n\n${value.description}`;
  if (field === "custom") return [value].flat().join(", ");
  return ["comment", "actual", "add-defect"].includes(field) ? value : "";
}

export function placeName(place) {
  if (place.example) return `Row ${place.example}`;
  if (!place.step) return "The run";
  return `${place.iteration ? `Iteration ${place.iteration}, step` : "Step"} ${place.step}`;
}

/** An iteration among those that can be chosen. */
export function scopeName(scope, status) {
  if (!scope.iteration) return `The run itself (${status})`;
  const name = scope.name.length > 80 ? `${scope.name.slice(0, 79)}…` : scope.name;
  return `${scope.iteration}${name ? `: ${name}` : ""} (${status})`;
}

/** How far the run is, as the server says it. */
export function left(items, statusOf, finished) {
  if (finished) return `Finished: ${finished}.`;
  if (!items.length) return "This Test has no steps: finish it with the status that you found.";
  const open = items.filter((item) => statusOf(item) === "TODO").length;
  if (open) return `${amount(open, "step")} left of ${items.length}.`;
  return items.length > 1 ? `All ${items.length} have a result.` : "It has a result.";
}

/** What a Bug that this step shows would say. */
export function bugText(state, items, item, result, link) {
  const parts = [];
  if (item.kind === "step") {
    const lines = items.filter((i) => i.kind === "step").slice(0, item.number).map((i) => `${i.number}. ${i.action}${i.data ? ` (${i.data})` : ""}`);
    parts.push(`Steps:\n${lines.join("\n")}`);
  }
  if (item.expected) parts.push(`Expected:\n${item.expected}`);
  parts.push(`Actual:\n${result.actual}`);
  parts.push(`Seen in ${state.test} of ${state.execution}: ${link}`);
  return parts.join("\n\n").slice(0, 20_000);
}
