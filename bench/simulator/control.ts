/**
 * The control API: plain JSON over HTTP under /control, for everything a test or a person does to the simulated Discord.
 * README.md lists it with examples. Not part of Discord.
 */

import type { Actions } from "./actions.ts";
import { ApiError } from "./api-error.ts";
import type { Community } from "./community.ts";
import { mailbox } from "./control/mailbox.ts";
import { page } from "./control/page.ts";
import { controlRoutes } from "./control/routes.ts";
import { isObject } from "./openapi/compile.ts";
import { decoded } from "./openapi/paths.ts";
import type { Services } from "./services.ts";
import type { Json } from "./world.ts";

export type ControlContext = {
  readonly services: Services;
  readonly actions: Actions;
  readonly community: Community | undefined;
  readonly params: Record<string, string>;
  readonly query: URLSearchParams;
  readonly body: Json;
};

export type ControlRoute = {
  readonly method: string;
  readonly path: string;
  readonly handle: (context: ControlContext) => unknown;
};

export type Control = { readonly handle: (request: Request, url: URL) => Promise<Response> };

export function createControl(services: Services, actions: Actions, community: Community | undefined): Control {
  return {
    async handle(request, url) {
      const path = url.pathname.replace(/\/$/, "");
      if (path === "/control/page" || path === "/control") return page();
      if (path === "/control/mailbox") return mailbox((await services.standIns.smtp()).mails);
      for (const route of controlRoutes) {
        const params = route.method === request.method ? match(`/control${route.path}`, path) : undefined;
        if (!params) continue;
        try {
          const body = await readBody(request);
          const result = await route.handle({ services, actions, community, params, query: url.searchParams, body });
          return Response.json(result ?? { ok: true }, { headers: { "cache-control": "no-store" } });
        } catch (error) {
          return refuse(error);
        }
      }
      const known = controlRoutes.map((route) => `${route.method} /control${route.path}`);
      return Response.json({ message: `no control route ${request.method} ${url.pathname}`, known }, { status: 404 });
    },
  };
}

async function readBody(request: Request): Promise<Json> {
  const text = request.method === "GET" ? "" : await request.text();
  if (text === "") return {};
  const body: unknown = JSON.parse(text);
  if (isObject(body)) return body as Json;
  throw new Error("the body is a JSON object");
}

/** Bad input is the caller's to read, so the message goes out as it is: this API is for tests on loopback. */
function refuse(error: unknown): Response {
  if (error instanceof ApiError) return Response.json(error.body, { status: error.status });
  return Response.json({ message: error instanceof Error ? error.message : String(error) }, { status: 400 });
}

function match(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    if (part.startsWith(":")) params[part.slice(1)] = decoded(value);
    else if (part !== value) return undefined;
  }
  return params;
}
