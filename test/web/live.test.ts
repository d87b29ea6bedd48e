/** The live monitor and the desk: who waits, takeover, what the agent says, notes, states, the team's settings. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { RecordingDiscord } from "../../src/discord/recording.ts";
import type { ChannelId, UserId } from "../../src/ids.ts";
import { APPLICATION, GUILD } from "../support/build.ts";
import { converse, type Dashboard, fillWorld, openDashboard } from "../support/dashboard.ts";
import { until } from "../support/until.ts";

let dashboard: Dashboard;
let operator = "";
let viewer = "";
let talks: readonly string[] = [];
const base = `/guilds/${GUILD}/live`;

beforeAll(async () => {
  dashboard = await openDashboard();
  talks = (await fillWorld(dashboard.services)).conversations;
  operator = await dashboard.signIn();
  viewer = await dashboard.signIn({ id: "900", name: "Vera", operator: false });
  await dashboard.services.store.people.setRole("900", GUILD, "viewer");
}, 60_000);
afterAll(() => dashboard.stop(), 30_000);

const discord = () => dashboard.services.discord(APPLICATION) as RecordingDiscord;
const read = async (path: string) => await (await dashboard.get(path, operator)).text();
const post = (path: string, fields: Record<string, string> = {}) =>
  fetch(`${dashboard.web.url}${path}`, {
    ...{ method: "POST", redirect: "manual", body: new URLSearchParams(fields) },
    headers: { cookie: operator, "sec-fetch-site": "same-origin" },
  });

describe("the live list", () => {
  test("has who waits for a person on top, and is not for viewers", async () => {
    const page = await read(base);
    expect(page).toContain("1 member is waiting for a person");
    expect(page.indexOf("Priya")).toBeLessThan(page.indexOf("Ada"));
    expect((await dashboard.get(base, viewer)).status).toBe(404);
  });

  test("is told by events, and a line that was lost gets what it missed and nothing that it has", async () => {
    const stream = await dashboard.get(`${base}/stream`, operator);
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!/data:[\s\S]*\n\n/.test(text)) text += (await reader?.read())?.value ?? "";
    const id = /^id: (\w+)$/m.exec(text)?.[1] ?? "";
    expect(id).not.toBe("");
    await reader?.cancel();
    const again = await dashboard.get(`${base}/stream`, operator, { "last-event-id": id });
    const more = again.body?.pipeThrough(new TextDecoderStream()).getReader();
    await dashboard.services.store.desk.note(GUILD, talks[0] ?? "", {
      kind: "note",
      by: { id: "1", name: "x" },
      text: "x",
    });
    await post(`${base}/${talks[0]}/takeover`);
    let next = "";
    while (!next.includes("data:")) next += (await more?.read())?.value ?? "";
    expect(next).not.toContain(`id: ${id}\n`);
    expect(next).toContain("Operator has it");
    await more?.cancel();
    await post(`${base}/${talks[0]}/takeover/delete`);
  });
});

test("readers of one server's list cost one reading of it, and one of who they are", async () => {
  const { desk, people } = dashboard.services.store;
  const [{ live }, { session }] = [desk, people];
  let [lists, sessions] = [0, 0];
  const counted: Partial<typeof desk & typeof people> = {
    live: (...asked) => {
      lists++;
      return live(...asked);
    },
    session: (...asked) => {
      sessions++;
      return session(...asked);
    },
  };
  const streams = await Promise.all(Array.from({ length: 8 }, () => dashboard.get(`${base}/stream`, operator)));
  const readers = streams.map((stream) => stream.body?.pipeThrough(new TextDecoderStream()).getReader());
  const told = (text: string) =>
    Promise.all(
      readers.map(async (reader) => {
        for (let heard = ""; !heard.includes(text); ) heard += (await reader?.read())?.value ?? "";
      }),
    );
  await told("data:");
  try {
    Object.assign(desk, { live: counted.live });
    Object.assign(people, { session: counted.session });
    await converse(dashboard.services, { name: "Ada", member: "300000000000000001", question: "read once?" });
    await told("read once?");
    // One, or two where something came in between.
    expect(lists).toBeLessThanOrEqual(2);
    expect(sessions).toBeLessThanOrEqual(2);
  } finally {
    Object.assign(desk, { live });
    Object.assign(people, { session });
    for (const reader of readers) await reader?.cancel();
  }
});

describe("a member who types", () => {
  const path = () => `${base}/${talks[1]}`;
  const typing = async (channel: string, member: string) => {
    await dashboard.services.bus.publish({
      ...{ type: "member-typing", guild: GUILD },
      ...{ channel: channel as ChannelId, member: member as UserId },
    });
  };
  const open = async (at: string) => {
    const stream = await dashboard.get(`${at}/stream`, operator);
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    return {
      until: async (wanted: string) => {
        while (!text.includes(wanted)) text += (await reader?.read())?.value ?? "";
        return text;
      },
      close: () => reader?.cancel(),
    };
  };

  test("is shown on the list and at the desk, for ten seconds, and nobody else is", async () => {
    const { conversation } = (await dashboard.services.store.conversations.get(GUILD, talks[1] ?? "")) ?? {};
    const [list, desk] = [await open(base), await open(path())];
    await list.until("Zeynep");
    await desk.until("Zeynep");
    await typing(conversation?.channel ?? "", "999");
    const typedFromMs = Date.now();
    await typing(conversation?.channel ?? "", conversation?.member ?? "");
    const text = await list.until("Zeynep Yıldırım is typing…");
    expect(text.match(/is typing…/g)).toHaveLength(1);
    const until = /data-until="([^"]+)"/.exec(await desk.until("is typing…"))?.[1] ?? "";
    expect(Date.parse(until)).toBeGreaterThanOrEqual(typedFromMs + 10_000);
    expect(Date.parse(until)).toBeLessThanOrEqual(Date.now() + 10_000);
    await converse(dashboard.services, { name: "Zeynep Yıldırım", member: "300000000000000002", question: "peki?" });
    expect((await read(base)).includes("is typing…")).toBe(false);
    await list.close();
    await desk.close();
  });

  test("an agent's typing keeps the conversation, moves the countdown of every page, and shows the member", async () => {
    await post(`${path()}/takeover`);
    const held = async () =>
      (await dashboard.services.store.conversations.get(GUILD, talks[1] ?? ""))?.conversation.takeover as never as {
        idleAtMs: number;
      };
    const before = (await held()).idleAtMs;
    const desk = await open(path());
    await desk.until(new Date(before).toISOString());
    const typed = () => discord().acts.filter(({ act }) => act === "typing").length;
    const asked = typed();
    await until(async () => Date.now() > before - 180_000 + 1);
    expect((await post(`${path()}/typing`)).status).toBe(204);
    const after = (await held()).idleAtMs;
    expect(after).toBeGreaterThan(before);
    await desk.until(new Date(after).toISOString());
    expect(typed()).toBe(asked + 1);
    await desk.close();
    await post(`${path()}/takeover/delete`);
  });
});

describe("the desk", () => {
  const path = () => `${base}/${talks[1]}`;

  test("takes over, speaks through the bot once a form, edits, deletes, and gives back", async () => {
    expect((await post(`${path()}/takeover`)).status).toBe(303);
    expect(await read(path())).toContain("Operator has this conversation.");
    const said = { text: "Merhaba <b>Zeynep</b>", form: "f1" };
    expect((await post(`${path()}/say`, said)).status).toBe(303);
    expect((await post(`${path()}/say`, said)).status).toBe(303);
    expect(discord().sent.filter(({ message }) => message.content.includes("Zeynep"))).toHaveLength(1);
    const page = await read(path());
    expect(page).toContain("Merhaba &lt;b&gt;Zeynep&lt;/b&gt;");
    const sent = discord().sent.at(-1);
    expect((await post(`${path()}/messages/${sent?.id}`, { text: "Selam" })).status).toBe(303);
    expect(sent?.message.content).toContain("Selam");
    await post(`${path()}/messages/${sent?.id}/delete`);
    expect(sent?.deleted).toBe(true);
    expect(await read(path())).toContain("Deleted in Discord");
    await post(`${path()}/takeover/delete`);
    expect(await read(path())).toContain("The bot answers here.");
  });

  test("says who holds it, and lets another ask for it", async () => {
    const other = `${base}/${talks[3]}`;
    const refused = await post(`${other}/say`, { text: "hello", form: "f9" });
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain("Somebody else has this conversation");
    await post(`${other}/want`);
    expect((await dashboard.services.store.conversations.get(GUILD, talks[3] ?? ""))?.conversation.wantedBy).toBe(
      "Operator",
    );
  });

  test("keeps notes, states and assignees, and refuses an id that is none", async () => {
    await post(`${path()}/note`, { text: "call them <i>back</i>" });
    await post(`${path()}/state`, { state: "waiting" });
    await post(`${path()}/assignee`, { assign: "me" });
    const page = await read(path());
    expect(page).toContain("call them &lt;i&gt;back&lt;/i&gt;");
    expect(page).toContain("Waiting for the member");
    expect(page).toContain("Assigned to Operator");
    expect((await dashboard.get(`${base}/${"0".repeat(32)}`, operator)).status).toBe(404);
    expect((await post(`${path()}/state`, { state: "gone" })).status).toBe(400);
  });

  test("saved replies fill the box and send nothing", async () => {
    await post(`${base}/replies`, { title: "Hours", text: "We are back at nine." });
    const [reply] = await dashboard.services.store.desk.replies(GUILD);
    const before = discord().sent.length;
    const page = await (await post(`${path()}/insert`, { text: "Hello.", reply: reply?.id ?? "" })).text();
    expect(page).toContain("Hello.\nWe are back at nine.</textarea>");
    expect(discord().sent).toHaveLength(before);
  });

  test("a file that is too large is refused on the form, by its limit, with what was typed", async () => {
    const upload = async (action: string, bytes: number, fields: Record<string, string>) => {
      const form = new FormData();
      for (const [name, value] of Object.entries({ form: "f77", ...fields })) form.set(name, value);
      form.set("file", new File([new Uint8Array(bytes)], "video.mp4"));
      return await dashboard.post(`${path()}/${action}`, form, operator);
    };
    const before = discord().sent.length;
    for (const megabytes of [10.5, 12, 40]) {
      const refused = await upload("say", megabytes * 1024 * 1024, { text: "Here is a günlük <video>." });
      const page = await refused.text();
      expect([megabytes, refused.status]).toEqual([megabytes, megabytes > 11 ? 413 : 422]);
      expect(page).toContain("larger than 10 MB");
      expect(page).toContain("Here is a günlük &lt;video&gt;.</textarea>");
    }
    const [reply] = await dashboard.services.store.desk.replies(GUILD);
    const inserted = await upload("insert", 12 * 1024 * 1024, { text: "Hello.", reply: reply?.id ?? "" });
    expect(await inserted.text()).toContain("Hello.\nWe are back at nine.</textarea>");
    expect(discord().sent).toHaveLength(before);
  });

  test("an agent's answer becomes knowledge", async () => {
    const pair = { question: "Is the warranty two years?", answer: "Yes, two years from the purchase." };
    expect(await (await post(`${path()}/pair`, pair)).text()).toContain("The bot knows it from now on");
    await until(async () => {
      const found = await dashboard.services.knowledge.retrieve(GUILD, pair.question, 3);
      return found.passages[0]?.passage.text.includes("two years from the purchase") === true;
    });
    const drafted = await (await post(`${path()}/draft`, { text: "Dear Zeynep," })).text();
    expect(drafted).toContain(">Dear Zeynep,");
    expect((await post(`${path()}/pair`, { question: "", answer: "x" })).status).toBe(422);
  });
});

describe("the team's settings", () => {
  const fields = {
    ...{
      idleMinutes: "5",
      teamRoles: "600000000000000001",
      zone: "Europe/Istanbul",
      mails: "a@b.example, c@d.example",
    },
    ...{ week: "09:00-18:00\n09:00-18:00\n\n\n\n\n", secondMail: "", remindMinutes: "30", channel: "", webhook: "" },
  };

  const version = async () => String((await dashboard.services.store.guilds.get(GUILD))?.version);

  test("are kept, with hours a day and addresses", async () => {
    expect((await post(`${base}/settings`, { ...fields, version: await version() })).status).toBe(303);
    const people = (await dashboard.services.store.guilds.get(GUILD))?.settings.people;
    expect(people).toMatchObject({
      idleMinutes: 5,
      zone: "Europe/Istanbul",
      mails: ["a@b.example", "c@d.example"],
      showName: false,
    });
    expect(people?.week?.slice(0, 3)).toEqual([{ from: "09:00", to: "18:00" }, { from: "09:00", to: "18:00" }, null]);
  });

  test("name the team's roles and the channel that is told, and keep what has no name any more", async () => {
    discord().name(GUILD, "Lumen");
    const chosen = new URLSearchParams({ ...fields, channel: "123456789012345678", version: await version() });
    for (const role of ["600000000000000002", "600000000000000003"]) chosen.append("teamRoles", role);
    const saved = await fetch(`${dashboard.web.url}${base}/settings`, {
      ...{ method: "POST", redirect: "manual", body: chosen },
      headers: { cookie: operator, "sec-fetch-site": "same-origin" },
    });
    expect(saved.status).toBe(303);
    const people = (await dashboard.services.store.guilds.get(GUILD))?.settings.people;
    expect(people?.teamRoles).toEqual(["600000000000000001", "600000000000000002", "600000000000000003"]);
    const page = await read(`${base}/settings`);
    expect(page).toMatch(/<option value="\d+">#\w+/);
    expect(page).toContain('<option value="123456789012345678" selected');
  });

  test("refuse a webhook that can never be reached, and say which can", async () => {
    for (const webhook of [
      "https://127.0.0.1/hook",
      "https://10.0.0.7/",
      "https://intranet/",
      "https://x.example:8443/",
    ]) {
      const answer = await post(`${base}/settings`, { ...fields, webhook, version: await version() });
      expect([webhook, answer.status]).toEqual([webhook, 422]);
      expect(await answer.text()).toContain("only https on port 443 to a public address");
    }
  });

  test("that cannot be are named and not kept", async () => {
    const wrong = { ...fields, idleMinutes: "61", zone: "Mars/Olympus", mails: "nobody", webhook: "http://x.example" };
    const answer = await post(`${base}/settings`, { ...wrong, version: await version() });
    expect(answer.status).toBe(422);
    const text = await answer.text();
    expect(text).toContain('value="Mars/Olympus"');
    for (const what of ["(1–60)", "Time zone", "E-mail addresses", "Webhook"]) expect(text).toContain(what);
  });
});
