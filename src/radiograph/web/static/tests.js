// SPDX-License-Identifier: Apache-2.0
// The box in the head of a list ticks all boxes of the page.
const all = document.querySelector("[data-tick-all]");
const boxes = [...document.querySelectorAll(".tests tbody input[type=checkbox]")];
const show = () => {
  const ticked = boxes.filter((box) => box.checked).length;
  all.checked = ticked > 0 && ticked === boxes.length;
  all.indeterminate = ticked > 0 && ticked < boxes.length;
};
all?.addEventListener("change", () => boxes.forEach((box) => (box.checked = all.checked)));
if (all) boxes.forEach((box) => box.addEventListener("change", show));
