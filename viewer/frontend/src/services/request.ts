// SPDX-License-Identifier: MIT

/** A request that failed; `code` is what a user can tell the office, `detail` what the service said. */
export class RequestError extends Error {
  readonly code: string;
  readonly detail: string;

  constructor(code: string, detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
  }
}

/** Fetches JSON. Throws RequestError when the network, the service or the answer fails; AbortError passes through. */
export async function fetchJson(address: string, signal?: AbortSignal): Promise<unknown> {
  const response = await reach(address, signal);
  const text = await response.text();
  if (!response.ok) throw new RequestError(`HTTP ${response.status}`, readException(text));
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new RequestError("NotJson", readException(text));
  }
}

/** Fetches a text. Throws RequestError when the network or the service fails. */
export async function fetchText(address: string): Promise<string> {
  const response = await reach(address);
  const text = await response.text();
  if (!response.ok) throw new RequestError(`HTTP ${response.status}`, text.length < 300 ? text.trim() : readException(text));
  return text;
}

/** Fetches bytes; none where the service says there is nothing. Throws RequestError when the network or the service fails. */
export async function fetchBytes(address: string): Promise<ArrayBuffer> {
  const response = await reach(address);
  if (!response.ok) throw new RequestError(`HTTP ${response.status}`, readException(await response.text()));
  return response.arrayBuffer();
}

/** Asks again for a picture that did not arrive and returns what the service says about it. */
export async function explainPicture(address: string): Promise<string> {
  try {
    const response = await reach(address);
    const kind = response.headers.get("content-type") ?? "";
    if (response.ok && kind.startsWith("image/")) return "";
    return readException(await response.text());
  } catch (error) {
    return error instanceof RequestError ? error.code : "";
  }
}

/** The readable sentence of an OGC exception report, a problem document or nothing; at most 200 characters. */
export function readException(text: string): string {
  const xml = /<(?:\w+:)?(?:ServiceException|ExceptionText)\b[^>]*>([^<]*)</.exec(text);
  if (xml?.[1] !== undefined) return xml[1].trim().slice(0, 200);
  const json = /"(?:detail|description|message)"\s*:\s*"([^"]*)"/.exec(text);
  return json?.[1]?.slice(0, 200) ?? "";
}

/** Sends a form and reads the JSON of the answer. Throws RequestError when the network, the service or the answer fails. */
export async function sendForm(address: string, fields: Readonly<Record<string, string>>): Promise<unknown> {
  const response = await reach(address, undefined, new URLSearchParams(fields));
  const text = await response.text();
  if (!response.ok) throw new RequestError(`HTTP ${response.status}`, readException(text));
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new RequestError("NotJson", "");
  }
}

async function reach(address: string, signal?: AbortSignal, form?: URLSearchParams): Promise<Response> {
  const sent = form === undefined ? {} : { method: "POST", body: form };
  try {
    return await fetch(address, { credentials: "same-origin", ...sent, ...(signal === undefined ? {} : { signal }) });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new RequestError("Offline", "");
  }
}
