/** Keys and questions of other channels of contact; the endpoint over real sockets is test/web/contact.test.ts. */
import { expect, test } from "bun:test";
import { createContacts, newKeySecret } from "../../src/contact.ts";
import type { ApiKey } from "../../src/store/ports/contact.ts";
import { GUILD } from "../support/build.ts";
import { openHouse } from "../support/house.ts";

const ASKED = {
  ...{ question: "How do I pair a sensor with the hub button?", conversation: "a", language: null },
  user: { id: "ada", name: "Ada" },
};

async function open(key: Partial<ApiKey> = {}) {
  const house = await openHouse();
  const row: ApiKey = {
    ...{ id: "k", guild: GUILD, name: "Page", hint: "gh_abc", scopes: ["answers"], createdAtMs: 0, createdBy: "x" },
    ...{ origins: [], lastUsedAtMs: null, endsAtMs: null },
    ...key,
  };
  const { secret, hash } = newKeySecret();
  const contact = {
    find: async (wanted: string) => (wanted === hash ? row : null),
    used: async () => {},
    begin: async () => ({ state: "new" }) as const,
    answered: async () => {},
  };
  const desk = createContacts({ ...house.services, store: { ...house.store, contact } } as never);
  return { ...house, secret, desk };
}

test("a key's secret is never made twice, and its hash is not in it", () => {
  const [one, other] = [newKeySecret(), newKeySecret()];
  expect(one.secret).not.toBe(other.secret);
  expect(one.secret.startsWith(one.hint)).toBe(true);
  expect(one.secret).not.toContain(one.hash);
});

test("a question is answered by the same stages, with its sources", async () => {
  const { desk, secret, store } = await open();
  const asked = await desk.ask(secret, ASKED, null);
  if (asked.state !== "answered") throw new Error(asked.state);
  expect(asked.reply).toMatchObject({ outcome: "answered", sources: [{ n: 1, title: "Pair sensors" }] });
  expect(store.exchanges.at(-1)?.usage).toMatchObject({ kind: "answer", count: 1, contact: "api" });
});

test("one client's talk is not another's, whatever they call it", async () => {
  const { desk, secret, store } = await open();
  await desk.ask(secret, ASKED, null);
  await desk.ask(secret, { ...ASKED, user: { id: "bob", name: "Bob" } }, null);
  await desk.ask(secret, { ...ASKED, conversation: "b" }, null);
  expect(new Set(store.exchanges.map(({ conversation }) => conversation)).size).toBe(3);
});

test("who has no key, or one without the scope, is refused before anything is asked", async () => {
  const { desk, secret, store } = await open({ scopes: [] });
  expect(await desk.ask("gh_wrong", ASKED, null)).toEqual({ state: "refused", why: "key" });
  expect(await desk.ask(secret, ASKED, null)).toEqual({ state: "refused", why: "scope" });
  expect(store.exchanges).toEqual([]);
});

test("a widget's key works from its own pages only, and for nothing else", async () => {
  const { desk, secret, store } = await open({ scopes: ["widget"], origins: ["https://help.example"] });
  expect(await desk.ask(secret, ASKED, null)).toMatchObject({ state: "refused" });
  for (const origin of [null, "https://evil.example", "https://help.example.evil.example"]) {
    expect(await desk.ask(secret, ASKED, null, { scope: "widget", origin })).toMatchObject({ state: "refused" });
  }
  const asked = await desk.ask(secret, ASKED, null, { scope: "widget", origin: "https://help.example" });
  expect(asked).toMatchObject({ state: "answered" });
  expect(store.exchanges.at(-1)?.usage).toMatchObject({ contact: "widget" });
});
