/** The table of REST routes: what a route declares, and finding the one that a request means. */
import type { Services } from "./services.ts";
import type { Application, Json, User } from "./world.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
type Method = (typeof METHODS)[number];

export type Route = {
  readonly method: Method;
  /** A template, `:name` for a part that varies. `:channel`, `:guild`, `:webhook`/`:token` split the bucket. */
  readonly path: string;
  readonly auth: "bot" | "bearer" | "bot-or-bearer" | "none";
  readonly limit?: { readonly requests: number; readonly perMs: number; readonly shared?: string };
  /** Interaction endpoints are not counted in the bot's global limit. */
  readonly notGlobal?: true;
  readonly handle: (context: Context) => Reply | Promise<Reply>;
};

export type Reply = { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> };

export type UploadedFile = {
  readonly index: number;
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
};

export type Context = {
  readonly services: Services;
  /** The bot that asks; for bearer tokens the application the token was made for. */
  readonly application: Application;
  /** Whom a bearer token stands for. */
  readonly user: User | undefined;
  readonly scopes: readonly string[];
  readonly params: Record<string, string>;
  readonly query: URLSearchParams;
  readonly body: Json;
  /** The JSON body where it is a list. */
  readonly list: readonly unknown[] | undefined;
  readonly files: readonly UploadedFile[];
  /** The header as it came, for OAuth2's Basic. */
  readonly authorization: string | undefined;
  /** `X-Audit-Log-Reason`, decoded. */
  readonly reason: string | undefined;
};

export function ok(body: unknown): Reply {
  return { status: 200, body };
}

export function created(body: unknown): Reply {
  return { status: 201, body };
}

export const NO_CONTENT: Reply = { status: 204 };

export type Match = { readonly route: Route; readonly params: Record<string, string> };

type Router = {
  readonly find: (method: string, path: string) => Match | undefined;
  /** Whether another method would have a route there. */
  readonly knows: (path: string) => boolean;
};

/** Literal parts win over `:name`, so that `/users/@me` is not a user called "@me". */
export function createRouter(routes: readonly Route[]): Router {
  const bySize = new Map<string, { route: Route; parts: string[] }[]>();
  for (const route of routes) {
    const parts = route.path.split("/").slice(1);
    const key = `${route.method} ${parts.length}`;
    bySize.set(key, [...(bySize.get(key) ?? []), { route, parts }]);
  }
  for (const list of bySize.values()) list.sort((a, b) => variables(a.parts) - variables(b.parts));

  const find = (method: string, path: string): Match | undefined => {
    const parts = path.split("/").slice(1);
    for (const candidate of bySize.get(`${method} ${parts.length}`) ?? []) {
      const params: Record<string, string> = {};
      const fits = candidate.parts.every((part, index) => {
        const value = parts[index] ?? "";
        if (!part.startsWith(":")) return part === value;
        params[part.slice(1)] = decode(value);
        return value !== "";
      });
      if (fits) return { route: candidate.route, params };
    }
    return undefined;
  };
  return { find, knows: (path) => METHODS.some((method) => find(method, path) !== undefined) };
}

function variables(parts: readonly string[]): number {
  return parts.filter((part) => part.startsWith(":")).length;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
