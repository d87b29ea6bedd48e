/**
 * The border between the main thread and a worker, for ports: a worker calls `port.method(...args)`, the main thread does it.
 *
 * `remote` makes a port out of a `Call`; `serve` answers one request on the other side. Nested groups are dotted
 * (`messages.send`). Values must survive structured clone; an AppError keeps its kind, anything else arrives as a bug.
 * Used by hot/thread, bus/thread and discord/thread; carried by shards/protocol.
 */
import { AppError, type ErrorKind } from "./errors.ts";
import { inRequest, requestId } from "./request.ts";

export type PortRequest = {
  readonly port: string;
  readonly method: string;
  readonly args: readonly unknown[];
  /** What it is done for. */
  readonly request?: string | null;
};

export type PortReply =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly kind: ErrorKind | null;
      readonly message: string;
      readonly retryable: boolean;
      readonly retryAfterMs: number | undefined;
    };

/** Sends one request over the border and settles with its value, or rejects as the port itself would. */
export type Call = (request: PortRequest) => Promise<unknown>;

/** A port of plain async methods. `name` is what `serve` knows it by. */
export function remote<Port extends object>(call: Call, name: string): Port {
  return group(call, name, "") as Port;
}

export async function serve(ports: Readonly<Record<string, object>>, request: PortRequest): Promise<PortReply> {
  try {
    let target: unknown = ports[request.port];
    const path = request.method.split(".");
    const last = path.pop();
    for (const step of path) target = member(target, step);
    const method = last === undefined ? undefined : member(target, last);
    if (typeof method !== "function") throw new Error(`no method ${request.port}.${request.method}`);
    return { ok: true, value: await inRequest(request.request ?? null, () => method.apply(target, request.args)) };
  } catch (error) {
    const known = error instanceof AppError ? error : null;
    return {
      ok: false,
      kind: known?.kind ?? null,
      message: error instanceof Error ? error.message : String(error),
      retryable: known?.retryable ?? false,
      retryAfterMs: known?.retryAfterMs,
    };
  }
}

/** Handles a reply on the caller's side. */
export function settle(reply: PortReply): unknown {
  if (reply.ok) return reply.value;
  if (reply.kind === null) throw new Error(reply.message);
  throw new AppError(reply.kind, reply.message, {
    retryable: reply.retryable,
    ...(reply.retryAfterMs === undefined ? {} : { retryAfterMs: reply.retryAfterMs }),
  });
}

function group(call: Call, port: string, prefix: string): object {
  const invoke = (...args: unknown[]) => call({ port, method: prefix, args, request: requestId() });
  return new Proxy(invoke, {
    get: (_, key) =>
      // A port is never thenable: `await port` must not call over the border.
      typeof key === "symbol" || key === "then"
        ? undefined
        : group(call, port, prefix === "" ? key : `${prefix}.${key}`),
  });
}

function member(target: unknown, key: string): unknown {
  if (typeof target !== "object" || target === null || !Object.hasOwn(target, key)) return undefined;
  return (target as Record<string, unknown>)[key];
}
