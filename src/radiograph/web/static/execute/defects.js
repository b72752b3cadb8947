// SPDX-License-Identifier: Apache-2.0
// Linking an issue as a defect: by its key, or by words of its summary with those that have them.
import { ask } from "./sender.js";

const WAIT = 250;
const KEY = /^[A-Za-z][A-Za-z0-9_]*-[0-9]+$/;

export function suggestions(page, base, project, link) {
  const list = page.getElementById("issues");
  const summaries = new Map();
  let waiting;

  async function suggest(text) {
    const quoted = text.replace(/["\\]/g, "\\$&");
    const what = KEY.test(text) ? `key = "${quoted}"` : `project = "${project}" AND issuetype = Bug AND summary ~ "${quoted}"`;
    const query = new URLSearchParams({ jql: `${what} ORDER BY key DESC`, fields: "summary", maxResults: 8, validateQuery: "false" });
    try {
      const answer = await ask(`${base}/rest/api/2/search?${query}`);
      if (!answer.ok) return;
      const { issues } = await answer.json();
      list.replaceChildren(...issues.map((issue) => {
        summaries.set(issue.key, issue.fields.summary);
        return Object.assign(page.createElement("option"), { value: issue.key, label: `${issue.key} ${issue.fields.summary}` });
      }));
    } catch {
      // Without the connection a key can be given all the same.
    }
  }

  for (const box of page.querySelectorAll("[data-defects-of]")) {
    const field = box.querySelector("input");
    const done = () => {
      const key = field.value.trim().toUpperCase();
      if (!KEY.test(key)) return field.focus();
      field.value = "";
      return link(box.dataset.defectsOf !== "item", key, summaries.get(key));
    };
    field.addEventListener("input", () => {
      clearTimeout(waiting);
      const text = field.value.trim();
      if (text.length > 1) waiting = setTimeout(() => suggest(text), WAIT);
    });
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      done();
    });
    box.querySelector("[data-link]").addEventListener("click", done);
  }
}
