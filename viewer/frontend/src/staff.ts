// SPDX-License-Identifier: MIT
// What the pages of staff do beyond their forms: they stand without it.
import { guardForms, watchFile, watchProgress } from "./staff/forms";
import { drawRows } from "./staff/rows-map";

guardForms();
const send = document.getElementById("send");
if (send instanceof HTMLFormElement) watchFile(send);
const progress = document.getElementById("progress");
if (progress !== null) watchProgress(progress);
const rows = document.getElementById("rows-map");
if (rows !== null) void drawRows(rows);
