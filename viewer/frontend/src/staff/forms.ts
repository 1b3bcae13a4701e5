// SPDX-License-Identifier: MIT
const PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 8000;

/** Every form is sent once: a second press while the answer is on its way does nothing. */
export function guardForms(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !(form instanceof HTMLFormElement)) return;
    if (form.dataset.sent === "yes") event.preventDefault();
    form.dataset.sent = "yes";
  });
  // Back to a page the browser kept: its forms may be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) delete form.dataset.sent;
  });
}

/** Says that a file is too large before it is sent, and that it is on its way while it is. */
export function watchFile(form: HTMLFormElement): void {
  const input = form.querySelector<HTMLInputElement>("input[type=file]");
  const note = document.getElementById("file-note");
  if (input === null || note === null) return;
  const { most = "0", tooLarge = "", sending = "" } = form.dataset;
  const isTooLarge = (): boolean => (input.files?.[0]?.size ?? 0) > Number(most);
  const check = (): void => {
    note.hidden = !isTooLarge();
    note.textContent = note.hidden ? "" : tooLarge;
    input.setAttribute("aria-invalid", String(!note.hidden));
  };
  input.addEventListener("change", check);
  form.addEventListener("submit", (event) => {
    check();
    if (isTooLarge()) {
      event.preventDefault();
      input.focus();
      return;
    }
    const button = form.querySelector("button[type=submit]");
    if (button !== null) button.textContent = sending;
  });
}

/** Follows what is being done and shows the page anew when it has ended. Asks more rarely when nobody answers. */
export function watchProgress(section: HTMLElement): void {
  const { from = "", state = "", rows = "" } = section.dataset;
  const bar = section.querySelector("progress");
  const text = document.getElementById("rows");
  let pause = PAUSE_MS;
  const look = async (): Promise<void> => {
    try {
      const answer = await fetch(from, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) {
        window.location.reload(); // signed out, or gone: the page says what
        return;
      }
      const now = (await answer.json()) as { state: string; done: number; total: number };
      if (now.state !== state) {
        window.location.reload();
        return;
      }
      pause = PAUSE_MS;
      if (bar !== null && now.total > 0) {
        bar.max = now.total;
        bar.value = now.done;
      }
      if (text !== null && now.total > 0) text.textContent = rows.replace("{done}", String(now.done)).replace("{total}", String(now.total));
    } catch {
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS); // the connection is lost; it may come back
    }
    window.setTimeout(() => void look(), pause);
  };
  window.setTimeout(() => void look(), pause);
}
