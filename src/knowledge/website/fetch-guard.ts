/**
 * The only way to an outside URL: http(s) on ports 80 and 443, to names and addresses of the public Internet. The name is
 * resolved by us, every address it has must be public, and the connection goes to exactly the one that was checked; every
 * redirect goes through the same again. Bodies, their unpacked size, redirects and the whole time are bounded.
 *
 * Global `fetch` is not used: it reads files, follows redirects unasked and unpacks without bound.
 */
import { lookup as dnsLookup } from "node:dns/promises";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import type { Clock } from "../../clock.ts";
import { isAddress, isPublicAddress } from "./address.ts";

export const USER_AGENT = "GatehouseBot/1.0 (knowledge base import)";

const BODY_BYTES_MAX = 20 * 1024 * 1024;
const REDIRECTS_MAX = 5;
const TIME_MS_MAX = 20_000;
const HEADER_BYTES_MAX = 32 * 1024;

/** A body that unpacks to more than this many times its size is a bomb; text packs 3 to 20 times. */
const RATIO_MAX = 200;
const SMALL_BYTES = 64 * 1024;

/** Names that mean "here" or "inside" somewhere. Checked before anything is resolved. */
const PRIVATE_NAME =
  /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|private|corp|home|lan|svc|arpa|onion|invalid)$/;

export type FetchDecision = { readonly decision: "allow" | "block"; readonly reason: string };

/** Allowed addresses and ports. The default is the product's rules; a test's fixture server lives on other ports of loopback. */
export type GuardRules = {
  readonly ports: readonly number[];
  isPublic(address: string): boolean;
  /** All addresses of a name; throws when there are none. */
  resolve(name: string): Promise<readonly string[]>;
};

export const PUBLIC_RULES: GuardRules = {
  ports: [80, 443],
  isPublic: isPublicAddress,
  async resolve(name) {
    return (await dnsLookup(name, { all: true })).map(({ address }) => address);
  },
};

export type Fetched = {
  /** Where the redirects ended. */
  readonly url: string;
  readonly status: number;
  readonly mediaType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

/** `blocked`: the URL itself is none that may be reached, now or later. */
type FetchRefused = { readonly refused: string; readonly blocked?: true };

export type GuardedFetch = (
  url: string,
  options?: {
    readonly signal?: AbortSignal | undefined;
    readonly accept?: string;
    readonly bodyBytesMax?: number;
    /** A POST instead of a GET; where it would be redirected it is refused, since a body is for one address. */
    readonly post?: { readonly body: string; readonly headers: Readonly<Record<string, string>> };
  },
) => Promise<Fetched | FetchRefused>;

/** A longer address is no page's. The fetcher's own bound, for every caller. */
const URL_CHARS_MAX = 8_000;

/** Judges the URL alone; whether its name leads to public addresses is judged when it is resolved. */
export function judgeUrl(url: string, rules: GuardRules = PUBLIC_RULES): FetchDecision {
  const block = (reason: string): FetchDecision => ({ decision: "block", reason });
  if (url.length > URL_CHARS_MAX) return block(`the URL is longer than ${URL_CHARS_MAX} characters`);
  if (/[\\\t\r\n]/.test(url)) return block("the URL holds characters that parsers read differently");
  if (!URL.canParse(url)) return block("it is not a URL");
  const parsed = new URL(url);
  if (parsed.protocol !== "http:" && parsed.protocol !== "https:")
    return block(`"${parsed.protocol}" is not http or https`);
  if (!/^https?:\/\/[^/]/i.test(url)) return block("the URL is not written out");
  if (parsed.username !== "" || parsed.password !== "") return block("the URL carries credentials");
  const port = parsed.port === "" ? (parsed.protocol === "https:" ? 443 : 80) : Number(parsed.port);
  if (!rules.ports.includes(port)) return block(`port ${port} is not one of ${rules.ports.join(", ")}`);
  const host = parsed.hostname.replace(/\.+$/, "");
  if (isAddress(host)) {
    return rules.isPublic(host)
      ? { decision: "allow", reason: "a public address" }
      : block("the address is not public");
  }
  if (!host.includes(".") || !/^[a-z0-9.-]+$/.test(host) || /\.\.|^\./.test(host))
    return block("the name is not a public one");
  if (/(?:^|\.)\d+$|(?:^|\.)0x[0-9a-f]*$/.test(host) || PRIVATE_NAME.test(host))
    return block("the name is not a public one");
  return { decision: "allow", reason: "a public name" };
}

/** Every address of a name must be public: one that is not is how a rebinding begins. Throws `BlockedError`. */
async function resolvePublic(name: string, rules: GuardRules): Promise<string> {
  const host = name.replace(/^\[|\]$/g, "").replace(/\.+$/, "");
  const addresses = isAddress(host) ? [host] : await rules.resolve(host);
  const [first] = addresses;
  if (first === undefined) throw new BlockedError("the name has no address");
  if (!addresses.every((address) => rules.isPublic(address)))
    throw new BlockedError("the name leads to an address that is not public");
  return first;
}

/** `judgeUrl`, then what the name resolves to now. Connects to nothing. */
export async function judgeUrlAndName(url: string, rules: GuardRules = PUBLIC_RULES): Promise<FetchDecision> {
  const judged = judgeUrl(url, rules);
  if (judged.decision === "block") return judged;
  try {
    await resolvePublic(new URL(url).hostname, rules);
    return { decision: "allow", reason: `${judged.reason}, and all its addresses are public` };
  } catch (error) {
    if (error instanceof BlockedError) return { decision: "block", reason: error.message };
    return {
      decision: "allow",
      reason: `${judged.reason}; it does not resolve now, its addresses are judged at the connection`,
    };
  }
}

/** A URL that is refused, and a site that does not answer, are answers; only `signal` throws. */
export function createGuardedFetch(clock: Clock, rules: GuardRules = PUBLIC_RULES): GuardedFetch {
  return async (url, { signal, accept = "*/*", bodyBytesMax = BODY_BYTES_MAX, post } = {}) => {
    const stop = new AbortController();
    const timer = clock.after(TIME_MS_MAX, () =>
      stop.abort(new BlockedError(`no answer within ${TIME_MS_MAX / 1_000} s`)),
    );
    const both = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
    try {
      let at = url;
      for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects++) {
        const judged = judgeUrl(at, rules);
        if (judged.decision === "block")
          return redirects === 0
            ? { refused: judged.reason, blocked: true }
            : { refused: `it redirects to ${shown(at)}: ${judged.reason}` };
        const response = await open(at, { accept, post }, rules, both);
        const status = response.statusCode ?? 0;
        const location = response.headers.location;
        if (status >= 300 && status < 400 && location !== undefined) {
          response.destroy();
          if (post !== undefined) return { refused: "it redirects" };
          if (!URL.canParse(location, at)) return { refused: "it redirects to what is not a URL" };
          at = new URL(location, at).href;
          continue;
        }
        const body = await read(response, bodyBytesMax, both);
        return {
          url: at,
          status,
          mediaType: String(response.headers["content-type"] ?? "").toLowerCase(),
          headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
          body,
        };
      }
      return { refused: `it redirects more than ${REDIRECTS_MAX} times` };
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      return { refused: reasonOf(stop.signal.aborted ? stop.signal.reason : error) };
    } finally {
      timer.cancel();
      stop.abort();
    }
  };
}

class BlockedError extends Error {}

function open(
  url: string,
  what: { readonly accept: string; readonly post: NonNullable<Parameters<GuardedFetch>[1]>["post"] },
  rules: GuardRules,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { accept, post } = what;
  const parsed = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = (parsed.protocol === "https:" ? httpsRequest : httpRequest)({
    host: parsed.hostname.replace(/^\[|\]$/g, ""),
    port: parsed.port === "" ? undefined : Number(parsed.port),
    path: `${parsed.pathname}${parsed.search}`,
    method: post === undefined ? "GET" : "POST",
    agent: false,
    signal,
    maxHeaderSize: HEADER_BYTES_MAX,
    headers: { "user-agent": USER_AGENT, accept, "accept-encoding": "gzip, br", connection: "close", ...post?.headers },
    // The address that was judged is the one that is connected to: there is no second look-up in between.
    lookup(name, options, callback) {
      resolvePublic(name, rules).then(
        (address) => {
          const family = address.includes(":") ? 6 : 4;
          if (options.all) callback(null, [{ address, family }]);
          else callback(null, address, family);
        },
        (error: Error) => callback(error, "", 4),
      );
    },
  });
  request.on("response", resolve);
  request.on("error", reject);
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  request.end(post?.body);
  return promise;
}

async function read(response: IncomingMessage, bytesMax: number, signal: AbortSignal): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let bytes = 0;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  response.on("data", (part: Buffer) => {
    bytes += part.length;
    if (bytes > bytesMax) {
      reject(new BlockedError(`it is larger than ${Math.round(bytesMax / 2 ** 20)} MB`));
      response.destroy();
    } else {
      parts.push(part);
    }
  });
  response.on("end", () => resolve());
  response.on("error", reject);
  response.on("close", () => reject(new BlockedError("the answer breaks off")));
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  await promise;
  return unpack(
    Buffer.concat(parts),
    String(response.headers["content-encoding"] ?? "identity")
      .trim()
      .toLowerCase(),
    bytesMax,
  );
}

const UNPACK: Readonly<Record<string, (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>> = {
  gzip: promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip),
  "x-gzip": promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip),
  deflate: promisify<Buffer, { maxOutputLength: number }, Buffer>(inflate),
  br: promisify<Buffer, { maxOutputLength: number }, Buffer>(brotliDecompress),
};

async function unpack(body: Buffer, encoding: string, bytesMax: number): Promise<Uint8Array> {
  if (encoding === "" || encoding === "identity" || body.length === 0) return body;
  const unpacker = Object.hasOwn(UNPACK, encoding) ? UNPACK[encoding] : undefined;
  if (unpacker === undefined) throw new BlockedError(`its packing "${encoding.slice(0, 20)}" is not read here`);
  const most = Math.min(bytesMax, Math.max(SMALL_BYTES, body.length * RATIO_MAX));
  try {
    return await unpacker(body, { maxOutputLength: most });
  } catch {
    throw new BlockedError("it unpacks to far more than it should, or is damaged");
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof BlockedError) return error.message;
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (code === "ENOTFOUND" || code === "EAI_AGAIN" || code === "ENODATA") return "its name does not resolve";
  if (code === "ECONNREFUSED") return "nobody answers there";
  return `it cannot be reached: ${String(code ?? message ?? error).slice(0, 120)}`;
}

/** A URL in words for the admin: no credentials, no query. */
function shown(url: string): string {
  if (!URL.canParse(url)) return "somewhere";
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`.slice(0, 200);
}
