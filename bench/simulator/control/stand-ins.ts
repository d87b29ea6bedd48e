/** Control: proxies that break on demand before Postgres, Redis or Groq, and the mails that were sent. */
import type { ControlContext, ControlRoute } from "../control.ts";
import type { ProxyFault } from "../fault-proxy/fault.ts";
import type { FaultProxy } from "../fault-proxy.ts";
import { isObject } from "../openapi/compile.ts";
import type { SmtpFault } from "../smtp/session.ts";
import type { Json } from "../world.ts";
import { check, oneOf, type Readers, TEXT, text, wholeNumber, within } from "./input.ts";

const WAY = oneOf(["to-target", "to-client"]);
const HOW = oneOf(["reset", "end"]);
const MS = within(0, 3_600_000);

/** Per kind: what it may have, and what it must. */
const PROXY_FAULTS: Readonly<Record<ProxyFault["kind"], readonly [may: Readers, must?: readonly string[]]>> = {
  latency: [{ toTargetMs: MS, toClientMs: MS }],
  throttle: [{ bytesPerSecond: within(1, 1_000_000_000), way: WAY }, ["bytesPerSecond"]],
  "black-hole": [{}],
  refuse: [{}],
  reset: [{ connections: oneOf(["open", "new", "both"]) }],
  "half-open": [{}],
  freeze: [{}],
  cut: [{ afterBytes: within(0, 1_000_000_000), way: WAY, how: HOW }, ["afterBytes", "way"]],
  "lose-reply": [{ request: TEXT, times: within(1, 1_000_000), how: HOW }],
  "close-after": [{ connections: within(0, 1_000_000) }, ["connections"]],
};

const MAIL_FAULT: Readers = {
  at: oneOf(["connect", "ehlo", "auth", "mail", "rcpt", "data", "message"]),
  reply: TEXT,
  action: oneOf(["close", "reset", "stall", "lose-reply"]),
  to: TEXT,
  times: within(1, 1_000_000),
};

export const standInControls: readonly ControlRoute[] = [
  {
    method: "POST",
    path: "/proxies",
    async handle({ services: { standIns }, body }) {
      const target = text(body, "target");
      const [, host = "", port = ""] = /^\[?([^\]/@]+?)\]?:(\d{1,5})$/.exec(target) ?? [];
      if (host === "" || Number(port) > 65_535) throw new Error(`"target" is host:port, not "${target}"`);
      const id = await standIns.openProxy({ host, port: Number(port) });
      return shown(id, found(standIns.proxies, String(id)));
    },
  },
  {
    method: "GET",
    path: "/proxies",
    handle: ({ services: { standIns } }) => [...standIns.proxies].map(([id, proxy]) => shown(id, proxy)),
  },
  {
    method: "PUT",
    path: "/proxies/:proxy/faults",
    async handle({ services: { standIns }, params, body }) {
      const proxy = found(standIns.proxies, params.proxy);
      if (!Array.isArray(body.faults)) throw new Error('"faults" is a list: all that is to be wrong with this proxy');
      await proxy.set(...body.faults.map(readProxyFault));
    },
  },
  {
    method: "DELETE",
    path: "/proxies/:proxy/faults",
    handle: ({ services: { standIns }, params }) => found(standIns.proxies, params.proxy).clear(),
  },
  {
    method: "DELETE",
    path: "/proxies/:proxy",
    handle: ({ services: { standIns }, params }) => standIns.closeProxy(Number(params.proxy)),
  },
  { method: "GET", path: "/mails", handle: mails },
  {
    method: "POST",
    path: "/mails/faults",
    async handle({ services: { standIns }, body }) {
      check("a mail's fault", body, MAIL_FAULT, ["at"]);
      const { times, ...fault } = body;
      (await standIns.smtp()).fail(fault as unknown as SmtpFault, Number(times ?? 1));
    },
  },
  {
    method: "DELETE",
    path: "/mails/faults",
    handle: async ({ services: { standIns } }) => (await standIns.smtp()).clear(),
  },
];

/** With the address of the sink. With `count`, as soon as so many have come in all, or after `ms`. */
async function mails({ services: { standIns }, query }: ControlContext) {
  const sink = await standIns.smtp();
  const count = wholeNumber(query, "count") ?? 0;
  const ms = Math.min(120_000, wholeNumber(query, "ms") ?? 10_000);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([sink.arrived(count), late]);
  clearTimeout(timer);
  return { url: sink.url, mails: sink.mails };
}

function readProxyFault(value: unknown): ProxyFault {
  if (!isObject(value)) throw new Error('a fault is an object with a "kind"');
  const { kind, ...fields } = value as Json;
  check("a proxy's fault", { kind }, { kind: oneOf(Object.keys(PROXY_FAULTS)) }, ["kind"]);
  const [may, must] = PROXY_FAULTS[kind as ProxyFault["kind"]];
  check(`"${String(kind)}"`, fields, may, must);
  return value as unknown as ProxyFault;
}

function found(proxies: ReadonlyMap<number, FaultProxy>, id = ""): FaultProxy {
  const proxy = proxies.get(Number(id));
  if (!proxy) throw new Error(`there is no proxy ${id}`);
  return proxy;
}

function shown(id: number, proxy: FaultProxy): Json {
  const open = proxy.connections.filter((connection) => connection.open).length;
  return { id, host: proxy.host, port: proxy.port, accepted: proxy.accepted, open };
}
