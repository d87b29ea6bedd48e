/**
 * What work is done for: the id of a message, an interaction or an HTTP request. Each log line within it carries the id, in main and in
 * the process that does a planned effect later as well, so that one search finds them all.
 */
import { AsyncLocalStorage } from "node:async_hooks";

/** An id of others' is taken where it can be nothing but an id. */
const ID = /^[\w-]{8,64}$/;

const requests = new AsyncLocalStorage<string>();

export function requestId(): string | null {
  return requests.getStore() ?? null;
}

export function inRequest<T>(id: string | null, work: () => T): T {
  return id === null ? work() : requests.run(id, work);
}

export function isRequestId(text: string | null): text is string {
  return text !== null && ID.test(text);
}
