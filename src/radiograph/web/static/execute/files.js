// SPDX-License-Identifier: Apache-2.0
// Evidence by pasting, dropping and choosing: it goes to the step in focus, or to the run where it is chosen there.
export function evidence(page, { add }) {
  for (const field of page.querySelectorAll("[data-evidence-of] input[type=file]")) {
    field.addEventListener("change", () => {
      const files = [...field.files];
      field.value = "";
      add(field.name === "run-file", files);
    });
  }
  page.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    // Cells of a spreadsheet come as their text and as a picture of it: in a text the text is meant.
    const isText = event.target.closest?.("textarea, input") && event.clipboardData.types.includes("text/plain");
    if (isText) return;
    event.preventDefault();
    add(false, files);
  });
  const isFiles = (event) => event.dataTransfer?.types.includes("Files");
  page.addEventListener("dragover", (event) => {
    if (!isFiles(event)) return;
    event.preventDefault();
    page.body.classList.add("dropping");
  });
  page.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) page.body.classList.remove("dropping");
  });
  page.addEventListener("drop", (event) => {
    page.body.classList.remove("dropping");
    if (!isFiles(event)) return;
    event.preventDefault();
    add(Boolean(event.target.closest?.("[data-form=run]")), [...event.dataTransfer.files]);
  });
}
