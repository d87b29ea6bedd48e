/** The Groq stand-in over real sockets, through groq-sdk (which nobody here wrote) and through fetch. */
import { afterEach, describe, expect, test } from "bun:test";
import Groq, {
  APIConnectionError,
  APIError,
  AuthenticationError,
  BadRequestError,
  NotFoundError,
  RateLimitError,
} from "groq-sdk";
import { type GroqOptions, type GroqStandIn, startGroq } from "../../../bench/simulator/groq.ts";

const running: GroqStandIn[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((groq) => groq.stop()));
});

async function start(options?: GroqOptions) {
  const groq = await startGroq(options);
  running.push(groq);
  return { groq, client: new Groq({ apiKey: groq.key, baseURL: groq.url, maxRetries: 0 }) };
}

const MODEL = "openai/gpt-oss-120b";
const ANSWER_SCHEMA = {
  type: "object",
  properties: {
    answer: { type: "string" },
    passages_used: { type: "array", items: { type: "integer" } },
    known: { type: "boolean" },
    wants_human: { type: "boolean" },
  },
  required: ["answer", "passages_used", "known", "wants_human"],
  additionalProperties: false,
};
const PASSAGES = [
  {
    n: 1,
    title: "Billing",
    text: "Invoices are sent on the first day of each month. You can pay by card or by bank transfer.",
  },
  {
    n: 2,
    title: "Resetting your password",
    text: "To reset your password, open Settings and choose Security. Press Reset password and follow the link in the e-mail. The link is valid for one hour.",
  },
  {
    n: 3,
    title: "Parolayı sıfırlama",
    text: "Parolanızı sıfırlamak için Ayarlar sayfasını açın ve Güvenlik bölümünü seçin. Bağlantı bir saat geçerlidir.",
  },
];

function asks(question: string, more: object = {}, schema: object = ANSWER_SCHEMA) {
  return {
    model: MODEL,
    messages: [
      { role: "system" as const, content: "You answer from the passages." },
      { role: "user" as const, content: JSON.stringify({ question, passages: PASSAGES, ...more }) },
    ],
    response_format: {
      type: "json_schema" as const,
      json_schema: { name: "answer", strict: true, schema: schema as Record<string, unknown> },
    },
  };
}

function content(completion: Groq.Chat.ChatCompletion) {
  return JSON.parse(completion.choices[0]?.message.content ?? "null");
}

async function failure<T extends APIError>(
  promise: Promise<unknown>,
  kind: abstract new (...args: never[]) => T,
): Promise<T> {
  const error = await promise.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(kind);
  return error as T;
}

function code(error: APIError): unknown {
  return (error.error as { error?: { code?: string } })?.error?.code;
}

describe("what it answers", () => {
  test("a question gets sentences of the passage that covers it, marked and named", async () => {
    const { client } = await start();
    const completion = await client.chat.completions.create(asks("How do I reset my password?"));
    const answer = content(completion);
    expect(answer.known).toBe(true);
    expect(answer.passages_used).toEqual([2]);
    expect(answer.answer).toContain("open Settings and choose Security");
    expect(answer.answer).toContain("[2]");
    expect(answer.wants_human).toBe(false);
    expect(completion.choices[0]?.finish_reason).toBe("stop");
    expect(completion.usage?.total_tokens).toBe(
      (completion.usage?.prompt_tokens ?? 0) + (completion.usage?.completion_tokens ?? 0),
    );
    expect(completion.x_groq?.id).toStartWith("req_");
  });

  test("a Turkish question is answered from the Turkish passage, suffixes and all", async () => {
    const { client } = await start();
    const answer = content(await client.chat.completions.create(asks("Parolamı nasıl sıfırlarım?")));
    expect(answer.known).toBe(true);
    expect(answer.passages_used).toContain(3);
    expect(answer.answer).toContain("Güvenlik");
  });

  test("a question the passages do not cover is not known, in the asker's language", async () => {
    const { client } = await start();
    const english = content(await client.chat.completions.create(asks("What is the capital of Mongolia?")));
    expect(english).toEqual({
      answer: "The knowledge base does not hold the answer to that.",
      passages_used: [],
      known: false,
      wants_human: false,
    });
    const turkish = content(await client.chat.completions.create(asks("Moğolistan'ın başkenti neresi?")));
    expect(turkish.known).toBe(false);
    expect(turkish.answer).toBe("Bilgi tabanında bunun yanıtı yok.");
  });

  test("somebody who asks for a human is noticed, somebody who installs an agent is not", async () => {
    const { client } = await start();
    const wants = async (question: string) => content(await client.chat.completions.create(asks(question))).wants_human;
    expect(await wants("Can I talk to a real person please")).toBe(true);
    expect(await wants("I want to speak with an agent about my invoice")).toBe(true);
    expect(await wants("Gerçek biriyle görüşmek istiyorum")).toBe(true);
    expect(await wants("Bir temsilciye bağlanabilir miyim?")).toBe(true);
    expect(await wants("How do I install the agent on Debian?")).toBe(false);
  });

  test("a follow-up is rewritten with the turn before it", async () => {
    const { client } = await start();
    const schema = {
      type: "object",
      properties: { question: { type: "string" } },
      required: ["question"],
      additionalProperties: false,
    };
    const history = [
      { role: "user", text: "How do I install Lumen on Linux?" },
      { role: "assistant", text: "With the package manager." },
    ];
    const rewritten = content(await client.chat.completions.create(asks("and on Windows?", { history }, schema)));
    expect(rewritten.question).toBe("How do I install Lumen on Linux, on Windows?");
    const whole = content(
      await client.chat.completions.create(asks("Where can I download my past invoices?", { history }, schema)),
    );
    expect(whole.question).toBe("Where can I download my past invoices?");
    const named = content(await client.chat.completions.create(asks("What does Lumen cost?", { history }, schema)));
    expect(named.question).toBe("What does Lumen cost?");
  });

  test("chat messages are judged one by one, by the schema's own words", async () => {
    const { client } = await start();
    const schema = {
      type: "object",
      properties: {
        verdicts: {
          type: "array",
          items: {
            type: "object",
            properties: {
              message: { type: "integer" },
              rule: { type: ["integer", "null"] },
              category: { type: "string", enum: ["none", "scam", "harassment", "other"] },
              severity: { type: "string", enum: ["none", "low", "medium", "high"] },
              confidence: { type: "number", minimum: 0, maximum: 1 },
              reason: { type: "string" },
            },
            required: ["message", "rule", "category", "severity", "confidence", "reason"],
            additionalProperties: false,
          },
        },
      },
      required: ["verdicts"],
      additionalProperties: false,
    };
    const messages = [
      { n: 1, author: "ada", text: "does anybody know when the next release is out?" },
      { n: 2, author: "bob", text: "FREE DISCORD NITRO claim your gift here http://nitro.example" },
      { n: 3, author: "cem", text: "sen tam bir gerizekalısın" },
      { n: 4, author: "dee", text: "let's talk politics, the election was rigged" },
    ];
    const rules = ["Be respectful, no insults.", "No scam links.", "No politics."];
    const { verdicts } = content(
      await client.chat.completions.create(asks("", { passages: [], messages, rules }, schema)),
    );
    const brief = (verdicts as { message: number; category: string; severity: string; rule: number | null }[]).map(
      ({ message, category, severity, rule }) => [message, category, severity, rule],
    );
    expect(brief).toEqual([
      [1, "none", "none", null],
      [2, "scam", "high", 2],
      [3, "harassment", "medium", 1],
      [4, "other", "low", 3],
    ]);
  });

  test("a schema it knows nothing of gets the plainest value that conforms", async () => {
    const { client } = await start();
    const schema = {
      type: "object",
      properties: {
        mood: { type: "string", enum: ["calm", "cross"] },
        stars: { type: "integer", minimum: 1, maximum: 5 },
        note: { type: "string" },
        maybe: { type: ["string", "null"] },
        nested: { $ref: "#/$defs/point" },
        choice: { anyOf: [{ type: "integer", minimum: 3 }, { type: "string" }] },
      },
      $defs: {
        point: { type: "object", properties: { x: { type: "number" } }, required: ["x"], additionalProperties: false },
      },
      required: ["mood", "stars", "note", "maybe", "nested", "choice"],
      additionalProperties: false,
    };
    const value = content(await client.chat.completions.create(asks("hm", {}, schema)));
    expect(value).toEqual({ mood: "calm", stars: 1, note: "", maybe: "", nested: { x: 0 }, choice: 3 });
  });

  test("without a schema it answers in text, also from a plain prompt", async () => {
    const { client } = await start();
    const text =
      "[1] Invoices are sent on the first day of each month.\n[2] The office is closed on Sunday afternoons.\n\nQuestion: when are invoices sent?";
    const completion = await client.chat.completions.create({
      model: MODEL,
      messages: [{ role: "user", content: text }],
    });
    expect(completion.choices[0]?.message.content).toBe("Invoices are sent on the first day of each month. [1]");
  });

  test("wrapped lines are joined, lists and code stay what they are, a table's rows become items, headings are not quoted", async () => {
    const { client } = await start();
    const text =
      "## Plans\n\nThe Nest plan costs\nfour euros a month.\n\n| | Nest | Flock |\n| --- | --- | --- |\n| Price a year | €40 | €110 |\n\n```sh\nprice --year\n```\n\n* A **year** is paid in advance.";
    const passages = [{ n: 1, title: "Plans", text }];
    const answer = content(await client.chat.completions.create(asks("What is the price of a year?", { passages })));
    expect(answer.answer).toBe(
      "The Nest plan costs four euros a month.\n- **Price a year**: Nest €40, Flock €110\n```sh\nprice --year\n```\n- A **year** is paid in advance.\n[1]",
    );
  });

  test("a post is written from passages and does not repeat the last ones", async () => {
    const { client } = await start();
    const schema = {
      type: "object",
      properties: { post: { type: "string" } },
      required: ["post"],
      additionalProperties: false,
    };
    const ask = async (previous: string[]) =>
      content(await client.chat.completions.create(asks("", { topics: ["passwords"], previous }, schema)))
        .post as string;
    const first = await ask([]);
    expect(first).toContain("reset your password");
    expect(await ask([first])).not.toContain("open Settings");
  });
});

describe("what it refuses", () => {
  test("a wrong key is 401, an unknown model 404, a retired one 400", async () => {
    const { groq, client } = await start();
    const stranger = new Groq({ apiKey: "gsk_wrong", baseURL: groq.url, maxRetries: 0 });
    expect(code(await failure(stranger.models.list(), AuthenticationError))).toBe("invalid_api_key");
    const unknown = client.chat.completions.create({ ...asks("?"), model: "openai/gpt-9" });
    expect(code(await failure(unknown, NotFoundError))).toBe("model_not_found");
    const retired = client.chat.completions.create({ ...asks("?"), model: "llama-3.3-70b-versatile" });
    expect(code(await failure(retired, BadRequestError))).toBe("model_decommissioned");
    const models = await client.models.list();
    expect(models.data.map(({ id }) => id)).toContain("openai/gpt-oss-20b");
    expect(models.data.map(({ id }) => id)).not.toContain("llama-3.3-70b-versatile");
  });

  test("a schema that is not strict is refused with the path of the first problem", async () => {
    const { client } = await start();
    const open = { ...ANSWER_SCHEMA, additionalProperties: true };
    const error = await failure(client.chat.completions.create(asks("?", {}, open)), BadRequestError);
    expect(error.message).toContain(
      "invalid JSON schema for response_format: 'answer': /: additionalProperties:false must be set on every object",
    );
    const partial = { ...ANSWER_SCHEMA, required: ["answer"] };
    const missing = await failure(client.chat.completions.create(asks("?", {}, partial)), BadRequestError);
    expect(missing.message).toContain(
      "/required: The following properties must be listed in `required`: passages_used, known, wants_human",
    );
  });

  test.each([
    [
      "reasoning effort none",
      { reasoning_effort: "none" },
      "`reasoning_effort` must be one of `low`, `medium`, or `high`",
    ],
    ["a schema with streaming", { stream: true }, "json mode cannot be combined with streaming"],
    [
      "a schema with tools",
      { tools: [{ type: "function", function: { name: "f" } }] },
      "json mode cannot be combined with tool",
    ],
    ["an unknown property", { colour: "red" }, "property 'colour' is unsupported"],
    ["no messages", { messages: [] }, "minimum number of items is 1"],
    ["a temperature of 3", { temperature: 3 }, "'temperature' : number must be at most 2"],
    [
      "json mode without the word",
      { response_format: { type: "json_object" }, messages: [{ role: "user", content: "hi" }] },
      "must contain the word 'json'",
    ],
    [
      "too few tokens for the answer",
      { max_completion_tokens: 20 },
      "max completion tokens reached before generating a valid document",
    ],
  ])("%s is 400", async (_name, change, message) => {
    const { groq } = await start();
    const reply = await fetch(`${groq.url}/openai/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${groq.key}`, "content-type": "application/json" },
      body: JSON.stringify({ ...asks("How do I reset my password?"), ...change }),
    });
    expect(reply.status).toBe(400);
    const body = (await reply.json()) as { error: { message: string; type: string } };
    expect(body.error.message).toContain(message);
    expect(body.error.type).toBe("invalid_request_error");
  });

  test("the limits are real: headers count down, the next request is 429 with retry-after, a huge one 413", async () => {
    const { client } = await start({ limits: { requestsPerMinute: 2, tokensPerMinute: 5000 } });
    const { response } = await client.chat.completions.create(asks("one?")).withResponse();
    expect(response.headers.get("x-ratelimit-limit-tokens")).toBe("5000");
    expect(Number(response.headers.get("x-ratelimit-remaining-tokens"))).toBeLessThan(5000);
    expect(response.headers.get("x-ratelimit-reset-tokens")).toMatch(/^[\d.]+m?s$/);
    expect(response.headers.get("retry-after")).toBeNull();
    await client.chat.completions.create(asks("two?"));
    const error = await failure(client.chat.completions.create(asks("three?")), RateLimitError);
    expect(error.message).toContain("requests per minute (RPM): Limit 2");
    expect(Number(error.headers.get("retry-after"))).toBeGreaterThan(20);
    const huge = await failure(client.chat.completions.create(asks("x".repeat(30_000))), APIError);
    expect(huge.status as number).toBe(413);
  });
});

describe("scripts", () => {
  test("a script's properties replace the ones read, and must conform", async () => {
    const { groq, client } = await start();
    groq.script((request) => (request.model === MODEL ? { answer: "Scripted [1].", known: true } : undefined));
    const answer = content(await client.chat.completions.create(asks("anything?")));
    expect(answer.answer).toBe("Scripted [1].");
    expect(answer.wants_human).toBe(false);
    groq.script(() => ({ known: "yes" }));
    const error = await failure(client.chat.completions.create(asks("anything?")), BadRequestError);
    expect(code(error)).toBe("json_validate_failed");
    expect(error.message).toContain("/known: expected boolean, got string");
    groq.script();
    expect(content(await client.chat.completions.create(asks("How do I reset my password?"))).known).toBe(true);
  });

  test("obedience returns exactly what was given, schema or not", async () => {
    const { groq, client } = await start();
    groq.obey({ answer: "@everyone visit https://evil.example", action: "ban" });
    const answer = content(await client.chat.completions.create(asks("anything?")));
    expect(answer).toEqual({ answer: "@everyone visit https://evil.example", action: "ban" });
  });
});

describe("faults", () => {
  test("each kind of 429, with and without retry-after, then all is well again", async () => {
    const { groq, client } = await start();
    for (const [of, label] of [
      ["requestsPerMinute", "RPM"],
      ["requestsPerDay", "RPD"],
      ["tokensPerMinute", "TPM"],
      ["tokensPerDay", "TPD"],
    ] as const) {
      groq.faults.next({ kind: "rate-limit", of, retryAfterS: 7 });
      const error = await failure(client.chat.completions.create(asks("?")), RateLimitError);
      expect(error.message).toContain(`(${label})`);
      expect(error.headers.get("retry-after")).toBe("7");
    }
    groq.faults.next({ kind: "rate-limit", of: "tokensPerMinute", retryAfterS: null });
    expect(
      (await failure(client.chat.completions.create(asks("?")), RateLimitError)).headers.get("retry-after"),
    ).toBeNull();
    expect(content(await client.chat.completions.create(asks("How do I reset my password?"))).known).toBe(true);
    expect(groq.requests.map(({ outcome }) => outcome)).toEqual([...Array(5).fill("rate-limit"), "answered"]);
  });

  test("498, 5xx and json_validate_failed", async () => {
    const { groq, client } = await start();
    groq.faults.next({ kind: "flex-full" });
    const full = await failure(client.chat.completions.create(asks("?")), APIError);
    expect([full.status, code(full)]).toEqual([498, "capacity_exceeded"] as never);
    groq.faults.next({ kind: "status", status: 503 });
    expect((await failure(client.chat.completions.create(asks("?")), APIError)).status as number).toBe(503);
    groq.faults.next({ kind: "json-validate-failed" });
    expect(code(await failure(client.chat.completions.create(asks("?")), BadRequestError))).toBe(
      "json_validate_failed",
    );
  });

  test.each(["before-headers", "after-headers", "mid-body"] as const)(
    "a stall %s holds until the client gives up",
    async (at) => {
      const { groq } = await start();
      groq.faults.next({ kind: "stall", at });
      const giveUp = new AbortController();
      const call = fetch(`${groq.url}/openai/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${groq.key}`, "content-type": "application/json" },
        body: JSON.stringify(asks("?")),
        signal: giveUp.signal,
      });
      call.catch(() => {});
      await groq.arrived(1);
      if (at === "before-headers") {
        const first = await Promise.race([call.then(() => "headers"), Bun.sleep(60).then(() => "nothing")]);
        expect(first).toBe("nothing");
      } else {
        const reply = await call;
        expect(reply.status).toBe(200);
        const body = reply.text();
        body.catch(() => {});
        expect(await Promise.race([body.then(() => "body"), Bun.sleep(60).then(() => "nothing")])).toBe("nothing");
      }
      giveUp.abort();
      await until(() => groq.requests[0]?.aborted === true);
      expect(groq.requests[0]?.outcome).toBe("stall");
    },
  );

  test("connections cut or reset are connection errors, not answers", async () => {
    const { groq, client } = await start();
    groq.faults.next({ kind: "reset" });
    await failure(client.chat.completions.create(asks("?")), APIConnectionError);
    groq.faults.next({ kind: "cut", at: "before-headers" });
    await failure(client.chat.completions.create(asks("?")), APIConnectionError);
    groq.faults.next({ kind: "cut", at: "mid-body" });
    const cut = await client.chat.completions.create(asks("?")).then(
      () => "answer",
      () => "error",
    );
    expect(cut).toBe("error");
  });

  test("truncated, garbage, off-schema and empty replies look like 200 and are wrong", async () => {
    const { groq, client } = await start();
    const raw = async () =>
      await (
        await fetch(`${groq.url}/openai/v1/chat/completions`, {
          method: "POST",
          headers: { authorization: `Bearer ${groq.key}` },
          body: JSON.stringify(asks("How do I reset my password?")),
        })
      ).text();
    groq.faults.next({ kind: "truncated-json" });
    const truncated = await raw();
    expect(truncated).toStartWith('{"id":"chatcmpl-');
    expect(() => JSON.parse(truncated)).toThrow();
    groq.faults.next({ kind: "garbage" });
    expect(await raw()).toStartWith("<html>");
    groq.faults.next({ kind: "garbage-content" });
    const chatty = await client.chat.completions.create(asks("?"));
    expect(() => content(chatty)).toThrow();
    groq.faults.next({ kind: "off-schema" });
    const off = content(await client.chat.completions.create(asks("?")));
    expect(off.answer).toBeUndefined();
    expect(off.extra_property).toBe(true);
    groq.faults.next({ kind: "empty" });
    expect((await client.chat.completions.create(asks("?"))).choices[0]?.message.content).toBeNull();
    groq.faults.next({ kind: "empty", choices: 0 });
    expect((await client.chat.completions.create(asks("?"))).choices).toEqual([]);
  });

  test("slow answers take their time, slow bodies trickle, both arrive whole", async () => {
    const { groq, client } = await start();
    groq.faults.next({ kind: "slow", ms: 80 });
    const before = performance.now();
    expect(content(await client.chat.completions.create(asks("How do I reset my password?"))).known).toBe(true);
    expect(performance.now() - before).toBeGreaterThan(75);
    groq.faults.next({ kind: "slow-body", bytesPerSecond: 10_000 });
    expect(content(await client.chat.completions.create(asks("How do I reset my password?"))).known).toBe(true);
  });

  test("a seeded chance hits the same requests each time, a rule only its model and words", async () => {
    const outcomes = async () => {
      const { groq, client } = await start();
      groq.faults.add({ fault: { kind: "status", status: 500 }, chance: 0.5, seed: 42 });
      for (let i = 0; i < 12; i += 1) await client.chat.completions.create(asks("?")).catch(() => {});
      return groq.requests.map(({ outcome }) => outcome);
    };
    const first = await outcomes();
    expect(first).toContain("status");
    expect(first).toContain("answered");
    expect(await outcomes()).toEqual(first);

    const { groq, client } = await start();
    groq.faults.add({ fault: { kind: "status", status: 500 }, model: "openai/gpt-oss-20b", contains: "invoice" });
    await client.chat.completions.create(asks("invoice?"));
    await client.chat.completions.create({ ...asks("password?", { passages: [] }), model: "openai/gpt-oss-20b" });
    await failure(client.chat.completions.create({ ...asks("invoice?"), model: "openai/gpt-oss-20b" }), APIError);
  });

  test("another process arms faults, scripts and reads the ledger over HTTP", async () => {
    const { groq, client } = await start();
    const post = (path: string, body: object) =>
      fetch(`${groq.url}${path}`, { method: "POST", body: JSON.stringify(body) });
    expect((await post("/control/faults", { fault: { kind: "flex-full" }, times: 1 })).status).toBe(200);
    for (const wrong of [
      { kind: "flexfull" },
      { kind: "rate-limit", of: "tokens" },
      { kind: "slow" },
      { at: "mid-body" },
    ])
      expect((await post("/control/faults", { fault: wrong })).status).toBe(400);
    expect((await post("/control/faults", { times: 1 })).status).toBe(400);
    await failure(client.chat.completions.create(asks("?")), APIError);
    await post("/control/script", { content: { answer: "From afar." } });
    expect(content(await client.chat.completions.create(asks("?"))).answer).toBe("From afar.");
    const ledger = (await (await fetch(`${groq.url}/control/requests`)).json()) as {
      requests: { outcome: string; headers: object }[];
    };
    expect(ledger.requests.map(({ outcome }) => outcome)).toEqual(["flex-full", "answered"]);
    expect(JSON.stringify(ledger)).not.toContain(groq.key);
  });
});

test("a stream comes in chunks with usage at the end, and stalls half-way on demand", async () => {
  const { groq, client } = await start();
  const request = {
    model: MODEL,
    messages: [
      {
        role: "user" as const,
        content: JSON.stringify({ question: "How do I reset my password?", passages: PASSAGES }),
      },
    ],
  };
  let text = "";
  let tokens = 0;
  for await (const chunk of await client.chat.completions.create({ ...request, stream: true })) {
    text += chunk.choices[0]?.delta.content ?? "";
    tokens = chunk.x_groq?.usage?.total_tokens ?? tokens;
  }
  expect(text).toContain("open Settings and choose Security");
  expect(tokens).toBeGreaterThan(0);

  groq.faults.next({ kind: "stall", at: "mid-body" });
  const stream = await client.chat.completions.create({ ...request, stream: true });
  const giveUp = setTimeout(() => stream.controller.abort(), 100);
  let parts = 0;
  for await (const _chunk of stream) parts += 1;
  clearTimeout(giveUp);
  expect(parts).toBeGreaterThan(0);
  await until(() => groq.requests[1]?.aborted === true);
});

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 3000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error("the condition did not come true within 3 s");
    await Bun.sleep(5);
  }
}
