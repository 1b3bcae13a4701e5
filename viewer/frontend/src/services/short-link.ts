// SPDX-License-Identifier: MIT
import { RequestError, sendForm } from "./request";

/** The short path (`/s/...`) of a view of this site (`/map?...`). Throws RequestError. */
export async function shorten(path: string): Promise<string> {
  const answer = await sendForm("/s", { to: path });
  const short = answer !== null && typeof answer === "object" && "path" in answer ? answer.path : null;
  if (typeof short !== "string" || !short.startsWith("/s/")) throw new RequestError("NoPath", "");
  return short;
}
