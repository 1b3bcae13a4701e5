// SPDX-License-Identifier: MIT
import type { Session } from "../session";

/** Puts the text on the clipboard and says so; where the browser forbids it, says how to do it by hand. */
export async function copyText(session: Session, text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    session.notify(done);
  } catch {
    session.notify(session.texts.copyFailed);
  }
}
