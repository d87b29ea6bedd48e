/** Shares of what is being received: slow senders over real sockets, and who gives way when all together send too much. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { connect, type Socket } from "node:net";
import { type BodyShares, createBodies } from "../../web/bodies.ts";
import { HttpRefusal } from "../../web/refusal.ts";
import { GUILD } from "../support/build.ts";
import { type Dashboard, fillWorld, OTHER_GUILD, openDashboard } from "../support/dashboard.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(60_000);

const ADA = { id: "300000000000000601", name: "Ada", operator: false };
const BOB = { id: "300000000000000602", name: "Bob", operator: false };
const EVE = { id: "300000000000000603", name: "Eve", operator: false };

describe("over sockets", () => {
  let dashboard: Dashboard;
  const cookies = new Map<string, string>();
  const sockets: Socket[] = [];
  beforeAll(async () => {
    dashboard = await openDashboard();
    await fillWorld(dashboard.services);
    const { people } = dashboard.services.store;
    for (const person of [ADA, BOB, EVE]) cookies.set(person.name, await dashboard.signIn(person));
    for (const person of [ADA, BOB]) await people.setRole(person.id, GUILD, "admin");
    await people.setRole(EVE.id, OTHER_GUILD, "admin");
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await dashboard.stop();
  });

  /** Promises a form of 90 MB and sends its first letters; the rest never comes. */
  function sendSlowly(who: string, path: string) {
    const slow = { answer: "", socket: connect(dashboard.web.port, "127.0.0.1") };
    sockets.push(slow.socket);
    slow.socket.on("data", (data) => {
      slow.answer += String(data);
    });
    slow.socket.on("error", () => undefined);
    const lines = [
      `POST ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${dashboard.web.port}`,
      `Cookie: ${cookies.get(who)}`,
      "Sec-Fetch-Site: same-origin",
      "Content-Type: multipart/form-data; boundary=b",
      "Content-Length: 90000000",
    ];
    slow.socket.write(`${lines.join("\r\n")}\r\n\r\n--b\r\n`);
    return slow;
  }

  const upload = (who: string, guild: string, headers: Readonly<Record<string, string>> = {}) => {
    const form = new FormData();
    form.append("files", new File(["# Pairing\n\nHold the button for three seconds."], "pairing.md"));
    const path = `/guilds/${guild}/knowledge/files`;
    return dashboard.post(path, form, cookies.get(who), { "sec-fetch-site": "same-origin", ...headers });
  };

  test("a person's eleventh body at once is refused with what to do, in both languages; others upload beside it", async () => {
    const path = `/guilds/${GUILD}/knowledge/files`;
    const slow = Array.from({ length: 11 }, () => sendSlowly("Ada", path));
    const refused = () => slow.filter(({ answer }) => answer.startsWith("HTTP/1.1 429"));
    await until(() => refused().length === 1, 10_000);

    const again = await upload("Ada", GUILD);
    expect([again.status, (await again.text()).includes("Wait until they are done")]).toEqual([429, true]);
    const turkish = await upload("Ada", GUILD, { "accept-language": "tr" });
    expect([turkish.status, (await turkish.text()).includes("Bitmelerini bekle")]).toEqual([429, true]);
    expect((await upload("Bob", GUILD)).status).toBe(303);
    expect((await upload("Eve", OTHER_GUILD)).status).toBe(303);

    // Whoever goes away gives their place back.
    for (const { socket } of slow) socket.destroy();
    await until(async () => (await upload("Ada", GUILD)).status === 303, 10_000);
  });
});

describe("shares", () => {
  const shares: BodyShares = {
    ...{ bytesMax: 100, guildBytesMax: 70, personBytesMax: 50, guildBodiesMax: 3, personBodiesMax: 2 },
  };
  const sender = (person: string | null, guild: string | null) => ({
    request: new Request("http://a.example/"),
    person: person === null ? null : { id: person, name: person, operator: false },
    address: "10.0.0.1",
    ...(guild === null ? {} : { guild: { guild } }),
  });
  const refusal = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      if (error instanceof HttpRefusal) return error.kind;
      throw error;
    }
    return "taken";
  };

  test("bodies are counted for a person and for a server, until their requests are answered", () => {
    const bodies = createBodies(shares);
    const first = sender("ada", "1");
    const enter = (one: ReturnType<typeof sender>) => refusal(() => bodies.enter(one));
    expect([enter(first), enter(sender("ada", "1")), enter(sender("ada", "2"))]).toEqual([
      ...["taken", "taken", "receiving"],
    ]);
    expect([enter(sender("bob", "1")), enter(sender("eve", "1")), enter(sender("eve", "2"))]).toEqual([
      ...["taken", "receiving", "taken"],
    ]);
    bodies.leave(first.request);
    expect(enter(sender("ada", "1"))).toBe("taken");
  });

  test("strangers behind one address are not counted in bodies, but in bytes", () => {
    const bodies = createBodies(shares);
    const all = Array.from({ length: 20 }, () => bodies.enter(sender(null, null)));
    expect(all.map((one) => refusal(() => one.take(5))).filter((one) => one === "taken")).toHaveLength(10);
  });

  test("a person's bytes and a server's are bounded by themselves", () => {
    const bodies = createBodies(shares);
    const [ada, adaToo, bob] = [sender("ada", "1"), sender("ada", "2"), sender("bob", "1")].map(bodies.enter);
    expect(refusal(() => ada?.take(50))).toBe("taken");
    expect(refusal(() => adaToo?.take(1))).toBe("receiving");
    expect(refusal(() => bob?.take(20))).toBe("taken");
    expect(refusal(() => bob?.take(1))).toBe("receiving");
  });

  test("when all send more than there is room for, the newest body of the server that holds most gives way", async () => {
    const bodies = createBodies(shares);
    const gaveWay: string[] = [];
    const enter = (person: string, guild: string) => {
      const receiving = bodies.enter(sender(person, guild));
      receiving.refused.catch(() => gaveWay.push(person));
      return receiving;
    };
    const big = enter("ada", "1");
    const bigToo = enter("bob", "1");
    const small = enter("eve", "2");
    big.take(40);
    bigToo.take(30);
    small.take(25);
    await Promise.resolve();
    expect(gaveWay).toEqual([]);
    small.take(10);
    await Promise.resolve();
    await Promise.resolve();
    expect(gaveWay).toEqual(["bob"]);
  });
});
