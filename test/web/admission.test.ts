/** What a guard lets through and what it hands the page, without a server; test/web/guard.test.ts tries every route. */
import { describe, expect, test } from "bun:test";
import type { PersonRole } from "../../src/store/ports/people.ts";
import { type Guard, type Method, maySee, readmit, route, withForm } from "../../web/guard.ts";
import { HttpRefusal } from "../../web/refusal.ts";
import type { GuildVisit, Person, Visit } from "../../web/visit.ts";
import { GUILD } from "../support/build.ts";
import { createClock } from "../support/doubles.ts";

const OURS = "https://gate.example";
const PERSON: Person = { id: "ada", name: "Ada", operator: false };
const OPERATOR: Person = { ...PERSON, operator: true };
const ROW = { guild: GUILD, name: "Lumen" };
const SECRET = "A".repeat(43);

type Setting = {
  readonly person?: Person | null;
  /** As it is kept, and as Discord confirms it. */
  readonly role?: PersonRole | null;
  readonly confirmed?: PersonRole | null;
  readonly guild?: string;
  readonly exists?: boolean;
  readonly method?: Method;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly fragment?: boolean;
  readonly publicUrl?: string;
  readonly session?: object | null;
};

function visitOf(setting: Setting = {}) {
  const { person = PERSON, role = "admin", exists = true, publicUrl = OURS } = setting;
  const confirmed = setting.confirmed === undefined ? role : setting.confirmed;
  const url = new URL(setting.path ?? "/guilds/1/settings?tab=2", "http://10.0.0.1:8080");
  const clock = createClock();
  const asked: unknown[][] = [];
  const services = {
    clock,
    store: {
      people: {
        async role(...of: unknown[]) {
          asked.push(["role", ...of]);
          return role;
        },
        session: async () => setting.session ?? null,
      },
      guilds: { get: async () => (exists ? ROW : null) },
    },
  };
  const memberships = {
    async confirm(...of: unknown[]) {
      asked.push(["confirm", ...of]);
      return confirmed;
    },
  };
  const visit = {
    ...{ services, memberships, url, publicUrl, person, fragment: setting.fragment ?? false, nowMs: 1 },
    params: "guild" in setting ? { guild: setting.guild } : { guild: GUILD },
    request: new Request(url, {
      method: setting.method ?? "GET",
      headers: { "sec-fetch-site": "same-origin", ...setting.headers },
    }),
  } as unknown as Visit;
  return { visit, asked, clock };
}

const PATHS = { guild: "/guilds/:guild/x", other: "/x" };
const GUILD_GUARDS = ["any-role", "viewer-or-admin", "agent-or-admin", "admin"] as const;
const pathOf = (guard: Guard) => ((GUILD_GUARDS as readonly string[]).includes(guard) ? PATHS.guild : PATHS.other);

/** What the handler was given; the answer, where it was not reached; the refusal's kind. */
async function enter(guard: Guard, setting: Setting = {}): Promise<GuildVisit | Response | string> {
  let given: unknown = null;
  const own = route(guard, setting.method ?? "GET", pathOf(guard), (visit) => {
    given = visit;
    return new Response("in");
  });
  try {
    const answer = (await own.answer(visitOf(setting).visit)) as Response;
    return given === null ? answer : (given as GuildVisit);
  } catch (error) {
    if (error instanceof HttpRefusal) return error.kind;
    throw error;
  }
}

async function isIn(guard: Guard, setting: Setting = {}): Promise<boolean> {
  const found = await enter(guard, setting);
  return typeof found !== "string" && !(found instanceof Response);
}

describe("a route", () => {
  test("of a guild's page has a guild in its path, and no other has", () => {
    for (const guard of GUILD_GUARDS) {
      expect(() => route(guard, "GET", PATHS.other, () => new Response())).toThrow(`/x and its guard "${guard}"`);
      expect(route(guard, "GET", PATHS.guild, () => new Response())).toMatchObject({ guard, method: "GET" });
    }
    for (const guard of ["anyone", "signature", "person", "operator"] as const) {
      expect(() => route(guard, "GET", PATHS.guild, () => new Response())).toThrow("do not fit");
    }
  });

  test("answers what its handler answers, with the visit that its guard promises", async () => {
    const own = route("admin", "GET", PATHS.guild, ({ role, guild, person }) => {
      return new Response(`${role} ${guild.name} ${person.id}`);
    });
    expect(own.path).toBe(PATHS.guild);
    expect(await ((await own.answer(visitOf().visit)) as Response).text()).toBe("admin Lumen ada");
  });

  test("that puts or deletes has a form's beside it, on a path that a browser can post to", () => {
    const made = (method: "PUT" | "DELETE") =>
      withForm("admin", method, PATHS.guild, () => new Response()).map((one) => [one.guard, one.method, one.path]);
    expect(made("PUT")).toEqual([
      ["admin", "PUT", PATHS.guild],
      ["admin", "POST", PATHS.guild],
    ]);
    expect(made("DELETE")).toEqual([
      ["admin", "DELETE", PATHS.guild],
      ["admin", "POST", `${PATHS.guild}/delete`],
    ]);
  });
});

describe("who is let in", () => {
  const ROLES: readonly PersonRole[] = ["viewer", "agent", "admin"];

  test("a visitor: by anyone and by a signature, nowhere else", async () => {
    for (const guard of ["anyone", "signature"] as const) expect(await isIn(guard, { person: null })).toBe(true);
    for (const guard of ["person", "operator", ...GUILD_GUARDS] as const) {
      expect(await isIn(guard, { person: null })).toBe(false);
    }
  });

  test("a person: by person, not by operator; an operator by both", async () => {
    expect([await isIn("person"), await enter("operator")]).toEqual([true, "not-found"]);
    expect([await isIn("person", { person: OPERATOR }), await isIn("operator", { person: OPERATOR })]).toEqual([
      true,
      true,
    ]);
  });

  test.each([
    ["any-role", [true, true, true]],
    ["viewer-or-admin", [true, false, true]],
    ["agent-or-admin", [false, true, true]],
    ["admin", [false, false, true]],
  ] as const)(
    "%s: of viewers, agents and admins %p, by what is kept and by what Discord confirms",
    async (guard, want) => {
      for (const [at, role] of ROLES.entries()) {
        const may = want[at] === true;
        expect([role, await isIn(guard, { role })]).toEqual([role, may]);
        if (may) expect(await enter(guard, { role })).toMatchObject({ role, guild: ROW, person: PERSON });
        expect([role, await isIn(guard, { role: "admin", confirmed: role })]).toEqual([role, may]);
      }
      expect(await enter(guard, { role: null })).toBe("not-found");
      expect(await enter(guard, { confirmed: null })).toBe("not-found");
      expect(await enter(guard, { role: null, person: OPERATOR, confirmed: "operator" })).toMatchObject({
        ...{ role: "operator", person: OPERATOR },
      });
    },
  );

  test("an operator has every role without one that is kept; the others are asked for theirs in this guild", async () => {
    const run = async (person: Person) => {
      const { visit, asked } = visitOf({ person, confirmed: "admin" });
      await route("any-role", "GET", PATHS.guild, () => new Response()).answer(visit);
      return asked;
    };
    expect(await run(OPERATOR)).toEqual([["confirm", ROW, "ada", "operator"]]);
    expect(await run(PERSON)).toEqual([
      ["role", "ada", GUILD],
      ["confirm", ROW, "ada", "admin"],
    ]);
  });

  test("whose kept role is too little is not asked about at Discord", async () => {
    for (const role of [null, "viewer"] as const) {
      const { visit, asked } = visitOf({ role, confirmed: "admin" });
      const entered = route("admin", "GET", PATHS.guild, () => new Response()).answer(visit);
      await expect(entered).rejects.toThrow("not-found");
      expect(asked).toEqual([["role", "ada", GUILD]]);
    }
  });

  test("nobody into a guild that is not there, or whose id is none", async () => {
    expect(await enter("admin", { person: OPERATOR, confirmed: "operator", exists: false })).toBe("not-found");
    for (const guild of [undefined, "", "abc", "1x", "x1", "-1", "1".repeat(21)]) {
      expect([guild, await enter("admin", { guild: guild as string })]).toEqual([guild, "not-found"]);
    }
    expect(await isIn("admin", { guild: "1".repeat(20) })).toBe(true);
  });
});

describe("a visitor without a session is sent to sign in", () => {
  const sent = async (setting: Setting) => (await enter("person", { person: null, ...setting })) as Response;

  test("and from there back to the page that they asked for", async () => {
    const answer = await sent({ path: "/guilds/1/x?tab=2&y" });
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toBe(`/sign-in?next=${encodeURIComponent("/guilds/1/x?tab=2&y")}`);
  });

  test("without a way back where it was the first page, a form or a part of a page", async () => {
    expect((await sent({ path: "/" })).headers.get("location")).toBe("/sign-in");
    expect((await sent({ method: "POST" })).headers.get("location")).toBe("/sign-in");
    expect((await sent({ fragment: true })).headers.get("hx-redirect")).toBe("/sign-in");
  });
});

describe("what changes something is taken from our own pages only", () => {
  const taken = (headers: Record<string, string>, method: Method = "POST", publicUrl = OURS) => {
    const { visit } = visitOf({ method, publicUrl });
    const request = new Request(visit.url, { method, headers });
    const own = route("person", method, "/x", () => new Response());
    return own.answer({ ...visit, request }).then(
      () => true,
      (error: HttpRefusal) => error.kind,
    );
  };

  test("as the browser says, whatever the Origin", async () => {
    expect(await taken({ "sec-fetch-site": "same-origin" })).toBe(true);
    for (const site of ["cross-site", "same-site", "none", ""]) {
      expect([site, await taken({ "sec-fetch-site": site, origin: OURS })]).toEqual([site, "cross-site"]);
    }
  });

  test("or by its Origin, where it does not say: the public address's or the one that was reached", async () => {
    expect(await taken({ origin: OURS })).toBe(true);
    expect(await taken({ origin: OURS }, "POST", `${OURS}/below`)).toBe(true);
    expect(await taken({ origin: "http://10.0.0.1:8080" })).toBe(true);
    for (const origin of ["null", "https://evil.example", "http://gate.example"]) {
      expect([origin, await taken({ origin })]).toEqual([origin, "cross-site"]);
    }
    expect(await taken({})).toBe("cross-site");
  });

  test("with every method but GET, and for everybody but who signs", async () => {
    for (const method of ["POST", "PUT", "DELETE"] as const) expect(await taken({}, method)).toBe("cross-site");
    expect(await taken({}, "GET")).toBe(true);
    const evil = { method: "POST", headers: { "sec-fetch-site": "cross-site" } } as const;
    expect(await isIn("signature", evil)).toBe(true);
    expect(await enter("anyone", evil)).toBe("cross-site");
  });
});

describe("links are shown", () => {
  const sees = (guard: Guard, visit: Partial<GuildVisit>) => maySee(guard, visit as Visit);

  test("to whom the route would let in", () => {
    for (const guard of ["anyone", "signature"] as const) expect(sees(guard, { person: null } as never)).toBe(true);
    expect([sees("person", { person: null } as never), sees("person", { person: PERSON })]).toEqual([false, true]);
    expect([
      sees("operator", { person: null } as never),
      sees("operator", { person: PERSON }),
      sees("operator", { person: OPERATOR }),
    ]).toEqual([false, false, true]);
  });

  test("of a guild's pages by the role there, and to nobody outside of a guild", () => {
    for (const [guard, want] of [
      ["any-role", [true, true, true, true]],
      ["viewer-or-admin", [true, false, true, true]],
      ["agent-or-admin", [false, true, true, true]],
      ["admin", [false, false, true, true]],
    ] as const) {
      const seen = (["viewer", "agent", "admin", "operator"] as const).map((role) =>
        sees(guard, { person: PERSON, role }),
      );
      expect([guard, seen]).toEqual([guard, [...want]]);
      expect(sees(guard, { person: OPERATOR })).toBe(false);
    }
  });
});

describe("what outlives its request", () => {
  const NOW = createClock().now();
  const session = { person: "ada", name: "Ada L.", operator: false, expiresAtMs: NOW + 1 };
  const again = async (guard: "any-role" | "person", setting: Setting = {}, cookie = "__Host-gatehouse-session") => {
    const headers = { cookie: `${cookie}=${SECRET}` };
    const { visit } = visitOf({ session, headers, ...setting });
    return await readmit(guard, { ...visit, person: OPERATOR } as GuildVisit);
  };

  test("is let in again as the person is now, at the time it is now", async () => {
    expect(await again("any-role")).toMatchObject({
      ...{ person: { id: "ada", name: "Ada L.", operator: false }, role: "admin", guild: ROW, nowMs: NOW },
    });
    expect(await again("any-role", { publicUrl: "http://gate.example" }, "gatehouse-session")).not.toBeNull();
  });

  test("is not once the session or the role is gone", async () => {
    expect(await again("person", { session: null })).toBeNull();
    expect(await again("person", { session: { ...session, expiresAtMs: NOW } })).toBeNull();
    expect(await again("person", {}, "gatehouse-session")).toBeNull();
    expect(await again("any-role", { confirmed: null })).toBeNull();
  });

  test("fails where the store does: nobody is taken for gone then", async () => {
    const { visit } = visitOf({ session, headers: { cookie: `__Host-gatehouse-session=${SECRET}` } });
    visit.memberships.confirm = () => Promise.reject(new Error("the store is away"));
    await expect(readmit("any-role", visit as GuildVisit)).rejects.toThrow("the store is away");
  });
});
