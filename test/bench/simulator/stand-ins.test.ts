/** Proxies and the mail server over the control API, as a test in another process or another language uses them. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { type Simulator, startSimulator } from "../../../bench/simulator/simulator.ts";

let simulator: Simulator;
beforeEach(() => {
  simulator = startSimulator();
});
afterEach(() => simulator.stop());

async function control(method: string, path: string, body?: unknown): Promise<{ status: number; body: Answer }> {
  const response = await fetch(simulator.controlUrl + path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Answer };
}

type Answer = {
  readonly id: number;
  readonly port: number;
  readonly message?: string;
  readonly url: string;
  readonly mails: readonly { readonly subject: string; readonly to: readonly string[] }[];
};

describe("a proxy", () => {
  test("passes on what it is pointed at, breaks on demand, and is gone when it is taken away", async () => {
    using target = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("whole") });
    const { body: proxy } = await control("POST", "/proxies", { target: `127.0.0.1:${target.port}` });
    const through = async () =>
      (await fetch(`http://127.0.0.1:${proxy.port}`, { headers: { connection: "close" } })).text();
    expect(await through()).toBe("whole");
    await control("PUT", `/proxies/${proxy.id}/faults`, { faults: [{ kind: "reset" }] });
    await expect(through()).rejects.toThrow();
    await control("DELETE", `/proxies/${proxy.id}/faults`);
    expect(await through()).toBe("whole");
    await control("DELETE", `/proxies/${proxy.id}`);
    await expect(through()).rejects.toThrow();
    expect((await control("PUT", `/proxies/${proxy.id}/faults`, { faults: [] })).status).toBe(400);
  });

  const wrong: readonly [what: string, fault: unknown, says: string][] = [
    ["a kind that does not exist", { kind: "explode" }, '"kind" is one of latency'],
    ["a field of another kind", { kind: "freeze", times: 1 }, '"freeze" has no "times"'],
    ["what is missing", { kind: "cut", way: "to-client" }, '"afterBytes" is missing'],
    ["a number that is none", { kind: "latency", toClientMs: "50" }, '"toClientMs" is a whole number'],
  ];
  for (const [what, fault, says] of wrong) {
    test(`is told of ${what}`, async () => {
      const { body: proxy } = await control("POST", "/proxies", { target: "127.0.0.1:1" });
      const answer = await control("PUT", `/proxies/${proxy.id}/faults`, { faults: [fault] });
      expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining(says)]);
    });
  }

  test("is not made before nothing", async () => {
    for (const target of ["5432", "127.0.0.1:99999", "postgres://a@b/c", ""])
      expect((await control("POST", "/proxies", { target })).status).toBe(400);
  });
});

test("a mail that is sent is read and awaited, and refused on demand", async () => {
  const { url } = (await control("GET", "/mails")).body;
  const send = (subject: string) => sendMail(Number(new URL(url).port), subject);
  const waits = control("GET", "/mails?count=1&ms=5000");
  expect(await send("Somebody wants a human")).toStartWith("250");
  expect((await waits).body.mails).toMatchObject([{ subject: "Somebody wants a human", to: ["team@example.com"] }]);
  await control("POST", "/mails/faults", { at: "message", reply: "451 4.3.0 Try again later" });
  expect(await send("Again")).toStartWith("451");
  expect((await control("POST", "/mails/faults", { at: "dinner" })).status).toBe(400);
});

/** The server's last reply: to the mail's end. */
function sendMail(port: number, subject: string): Promise<string> {
  const lines = [
    "EHLO test",
    "MAIL FROM:<bot@example.com>",
    "RCPT TO:<team@example.com>",
    "DATA",
    `Subject: ${subject}\r\n\r\nHello.\r\n.`,
  ];
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", reject);
    socket.on("data", (bytes) => {
      // The last line of a reply has a space after its code.
      const reply = /^\d{3} .*$/m.exec(bytes.toString());
      if (!reply) return;
      const next = lines.shift();
      if (next !== undefined) socket.write(`${next}\r\n`);
      else {
        socket.destroy();
        resolve(reply[0]);
      }
    });
  });
}
