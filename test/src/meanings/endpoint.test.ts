import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { type EmbeddingFault, type EmbeddingStandIn, startEmbeddings } from "../../../bench/simulator/embeddings.ts";
import { systemClock } from "../../../src/clock.ts";
import { AppError } from "../../../src/errors.ts";
import { createEmbedder, TEXTS_MAX } from "../../../src/meanings/endpoint.ts";

let server: EmbeddingStandIn;
beforeAll(async () => {
  server = await startEmbeddings({ model: "letters", vectorOf: (text) => [text.length, 1] });
});
afterEach(() => {
  server.fault = null;
});
afterAll(async () => await server.stop());

const embedderOf = (fields: { key?: string | null; model?: string; baseUrl?: string } = {}) =>
  createEmbedder({ baseUrl: server.url, key: server.key, model: "letters", clock: systemClock, ...fields });

async function failureOf(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => null,
    (caught: unknown) => caught,
  );
  if (!(error instanceof AppError)) throw new Error(`not refused: ${error}`);
  return error;
}

test("one vector a text comes back in the texts' order, whatever order the server has", async () => {
  expect(await embedderOf().embed(["a", "bbb"], 2_000)).toEqual([Float32Array.of(1, 1), Float32Array.of(3, 1)]);
  expect(await embedderOf().embed([], 2_000)).toEqual([]);
});

const faults: readonly (readonly [string, EmbeddingFault, AppError["kind"]])[] = [
  ["a limit that is used up", { kind: "status", status: 429, headers: { "retry-after": "7" } }, "rate-limited"],
  ["a model that is gone", { kind: "status", status: 404 }, "not-found"],
  ["a refused key", { kind: "status", status: 401 }, "unauthorized"],
  ["a server in trouble", { kind: "status", status: 503 }, "unavailable"],
  ["a text that is too long for it", { kind: "status", status: 400 }, "invalid"],
  ["an address that points elsewhere", { kind: "status", status: 307, headers: { location: "/v2" } }, "unavailable"],
  ["an answer that breaks off", { kind: "cut" }, "unavailable"],
  ["a page in place of JSON", { kind: "body", body: "<html>" }, "invalid"],
  ["another form", { kind: "body", body: '{"vectors":[]}' }, "invalid"],
  ["too few vectors", { kind: "too-few" }, "invalid"],
  ["null where a number should be", { kind: "body", body: '{"data":[{"index":0,"embedding":[null]}]}' }, "invalid"],
  ["a number beyond all bounds", { kind: "body", body: '{"data":[{"index":0,"embedding":[1e999]}]}' }, "invalid"],
  ["NaN", { kind: "body", body: '{"data":[{"index":0,"embedding":[NaN]}]}' }, "invalid"],
  ["nothing but zeros", { kind: "body", body: '{"data":[{"index":0,"embedding":[0,0]}]}' }, "invalid"],
  ["the same place twice", { kind: "body", body: '{"data":[{"index":1,"embedding":[1]}]}' }, "invalid"],
];
for (const [what, fault, kind] of faults) {
  test(`${what} is a refusal of kind ${kind}, which holds neither key nor address`, async () => {
    server.fault = fault;
    const error = await failureOf(embedderOf().embed(["a"], 2_000));
    expect(error.kind).toBe(kind);
    expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toContain(server.key);
    expect(error.message).not.toContain("127.0.0.1");
    if (kind === "rate-limited") expect(error.retryAfterMs).toBe(7_000);
  });
}

test("vectors of different lengths in one answer are refused", async () => {
  server.fault = { kind: "body", body: '{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1,2]}]}' };
  expect((await failureOf(embedderOf().embed(["a", "b"], 2_000))).kind).toBe("invalid");
});

test("an answer longer than any vectors could be is not read to its end", async () => {
  const bytes = 20 * 4_096 * TEXTS_MAX + 1;
  server.fault = { kind: "body", body: `{"data":[${" ".repeat(bytes)}]}` };
  expect((await failureOf(embedderOf().embed(["a"], 5_000))).message).toContain("broke off");
});

test("who says nothing is waited for until the deadline, and asked once", async () => {
  server.fault = { kind: "silent" };
  const before = server.asked.length;
  expect((await failureOf(embedderOf().embed(["a"], 60))).kind).toBe("timeout");
  expect(server.asked.length - before).toBe(1);
});

test("a server that is not there is unavailable, and one that asks for no key gets none", async () => {
  const { error } = { error: await failureOf(embedderOf({ baseUrl: "http://127.0.0.1:1/v1" }).embed(["a"], 2_000)) };
  expect(error.kind).toBe("unavailable");
  expect((await failureOf(embedderOf({ key: null }).embed(["a"], 2_000))).kind).toBe("unauthorized");
});
