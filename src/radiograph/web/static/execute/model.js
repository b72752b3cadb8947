// SPDX-License-Identifier: Apache-2.0
// The run as the server last told it, with what waits laid over it.

const TEXTS = ["status", "comment", "actual"];

/** The name of a place: iteration/step, x/row, or run. */
export function keyOf(place) {
  if (place.step) return `${place.iteration}/${place.step}`;
  return place.example ? `x/${place.example}` : "run";
}

export class Model {
  constructor(state, queue) {
    this.state = state;
    this.queue = queue;
  }

  /** What the server has at a place. */
  stored(place) {
    const key = keyOf(place);
    if (key === "run") return this.state.run;
    if (place.example) return { ...EMPTY, status: this.state.examples[place.example - 1]?.status ?? "TODO" };
    return this.state.results[key] ?? EMPTY;
  }

  /** The result at a place as the person sees it. */
  result(place) {
    const stored = this.stored(place);
    const seen = { ...stored, defects: [...stored.defects], evidence: [...stored.evidence] };
    const key = keyOf(place);
    for (const item of this.queue.items()) {
      if (keyOf(item.place) !== key || item.state === "refused") continue;
      lay(seen, item);
    }
    return seen;
  }

  /** The run's status: as the server has it, and under way as soon as something was done here. */
  runStatus() {
    let status = this.state.run.status;
    for (const item of this.queue.items()) {
      if (item.state !== "waiting") continue;
      if (item.field === "finish") status = item.value || this.addsUp() || status;
      else if (item.field === "open") status = "EXECUTING";
      else if (item.field === "status" && !this.isFinal(status)) status = item.value === "TODO" ? status : "EXECUTING";
    }
    return status;
  }

  isFinal(name) {
    return Boolean(this.state.runStatuses.find((s) => s.name === name)?.final);
  }

  custom(field) {
    let value = field.value;
    for (const item of this.queue.items()) {
      if (item.field === "custom" && item.key === String(field.id) && item.state !== "refused") value = item.value;
    }
    return value ?? "";
  }

  /** What is gone through in an iteration: its steps, then the rows of the examples. */
  items(iteration) {
    const own = iteration > 0 || this.state.scopes[0].iteration === 0;
    const values = this.values(iteration);
    const steps = (own ? this.state.steps : []).map((step, at) => ({
      kind: "step", number: at + 1, title: `Step ${at + 1}`, place: { iteration, step: at + 1, example: 0 },
      action: resolved(step.action, values), data: resolved(step.data, values), expected: resolved(step.expected, values), files: step.files,
    }));
    const rows = this.state.examples.map((row, at) => ({
      kind: "example", number: steps.length + at + 1, title: `Row ${at + 1}`, place: { iteration: 0, step: 0, example: at + 1 },
      action: Object.entries(row.values).map(([name, value]) => `${name}: ${value}`).join(", ") || `Row ${at + 1}`, data: "",
      expected: filled(this.state.scenario, row.values), files: [],
    }));
    return [...steps, ...rows];
  }

  values(iteration) {
    return this.state.scopes.find((scope) => scope.iteration === iteration)?.parameters ?? {};
  }

  /** The status that an iteration's (or the run's) own parts add up to. */
  scopeStatus(iteration) {
    const means = Object.fromEntries(this.state.stepStatuses.map((s) => [s.name, s.means]));
    const places = this.state.steps.map((_, at) => ({ iteration, step: at + 1, example: 0 }));
    const touched = this.queue.items().some((item) => item.place.iteration === iteration && item.place.step);
    const told = this.state.scopes.find((scope) => scope.iteration === iteration);
    if (iteration && told && !touched) return told.status;
    return this.combined(places.map((place) => means[this.result(place).status] ?? "TODO"));
  }

  /** The final status that the whole run adds up to; "" while it adds up to none. */
  addsUp() {
    const parts = this.state.examples.map((_, at) => this.result({ iteration: 0, step: 0, example: at + 1 }).status);
    for (const scope of this.state.scopes) {
      if (scope.iteration || this.state.steps.length) parts.push(this.scopeStatus(scope.iteration));
    }
    const status = this.combined(parts.filter(Boolean));
    return status && this.isFinal(status) ? status : "";
  }

  /** As the server's `combine`: what means a failure wins, then what isn't a pass, then what is final. */
  combined(names) {
    const seen = [...new Set(names)];
    if (!seen.length) return "";
    if (seen.length === 2 && seen.includes("PASS") && seen.includes("TODO")) return "EXECUTING";
    const weight = (name) => {
      const s = this.state.runStatuses.find((one) => one.name === name) ?? { rank: 0 };
      return [name === "FAIL", s.failed, name !== "PASS", s.final].reduce((sum, yes) => sum * 2 + (yes ? 1 : 0), 0) * 1000 + s.rank;
    };
    return seen.reduce((worst, name) => (weight(name) > weight(worst) ? name : worst));
  }

  lacking() {
    return this.state.fields.filter((f) => f.required && !this.custom(f).length).map((f) => f.name);
  }

  /** The server has taken a change: what it told last is put right until it tells again. */
  accept(item, outcome) {
    if (item.field === "custom") {
      const field = this.state.fields.find((f) => String(f.id) === item.key);
      if (field) field.value = item.value;
    } else if (item.field === "finish" || item.field === "open") {
      this.state.run.status = item.field === "open" ? "EXECUTING" : item.value || this.addsUp() || this.state.run.status;
    } else if (item.field !== "timer") {
      const key = keyOf(item.place);
      if (item.place.example) this.state.examples[item.place.example - 1].status = item.value;
      else {
        const stored = key === "run" ? this.state.run : (this.state.results[key] ??= { ...EMPTY, defects: [], evidence: [] });
        lay(stored, item, outcome);
      }
      if (item.field === "status" && key !== "run" && !this.isFinal(this.state.run.status) && item.value !== "TODO") this.state.run.status = "EXECUTING";
    }
  }
}

const EMPTY = { status: "TODO", comment: "", actual: "", locked: false, defects: [], evidence: [] };

function lay(seen, item, outcome) {
  if (TEXTS.includes(item.field)) seen[item.field] = item.value;
  else if (item.field === "add-defect") seen.defects.push({ key: item.value, summary: item.summary ?? "", href: "", item: outcome ? undefined : item });
  else if (item.field === "bug") seen.defects.push({ key: outcome?.issue ?? "new", summary: item.value.summary, href: "", item: outcome ? undefined : item });
  else if (item.field === "remove-defect") seen.defects = seen.defects.filter((d) => d.key !== item.value);
  else if (item.field === "remove-file") seen.evidence = seen.evidence.filter((f) => String(f.id) !== item.value);
  else if (item.field === "file") {
    const kind = item.type.split("/")[0];
    seen.evidence.push({ id: outcome?.file ?? 0, name: item.name, size: item.size, kind: kind === "image" ? kind : "", href: "", item: outcome ? undefined : item });
  }
}

function resolved(text, values) {
  return text.replace(/\$\{([^{}]{1,255})\}/g, (whole, name) => values[name] ?? values[name.trim()] ?? whole);
}

function filled(scenario, values) {
  const steps = scenario.split(/^\s*(?:Examples|Scenarios)\s*:/m)[0];
  return steps.replace(/<([^<>]{1,255})>/g, (whole, name) => values[name] ?? whole).trim();
}
