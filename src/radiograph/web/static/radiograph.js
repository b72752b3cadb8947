// SPDX-License-Identifier: Apache-2.0
// What pages do beyond being read; all of it is optional.
import { copying } from "./copy.js";
import { finding } from "./find.js";
import { keys } from "./keys.js";
import { themeSwitch } from "./switch.js";
import { times } from "./times.js";

times(document);
themeSwitch(document);
keys(document);
copying(document);
finding(document);
