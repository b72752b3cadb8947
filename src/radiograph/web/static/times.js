// SPDX-License-Identifier: Apache-2.0
// The exact time behind each relative one, in the reader's own zone.
const format = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

export function times(page) {
  for (const time of page.querySelectorAll("time[datetime]")) {
    const when = new Date(time.dateTime);
    if (!Number.isNaN(when.getTime())) time.title = format.format(when);
  }
}
