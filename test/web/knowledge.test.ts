/** The knowledge page: uploads become passages that are found, failures are named, removal asks and takes all along. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newExchange } from "../contract/store/house.ts";
import { GUILD } from "../support/build.ts";
import { type Dashboard, fillWorld, OTHER_GUILD, openDashboard } from "../support/dashboard.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(60_000);
const PATH = `/guilds/${GUILD}/knowledge`;
const folder = mkdtempSync(join(tmpdir(), "gatehouse-uploads-"));

let dashboard: Dashboard;
let cookie = "";
beforeAll(async () => {
  dashboard = await openDashboard({ environment: { GATEHOUSE_DATA_DIR: folder } });
  await fillWorld(dashboard.services);
  cookie = await dashboard.signIn();
});
afterAll(async () => {
  await dashboard.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function upload(files: Readonly<Record<string, string>>, fields: Readonly<Record<string, string>> = {}) {
  const form = new FormData();
  for (const [name, text] of Object.entries(files)) form.append("files", new File([text], name));
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return dashboard.post(`${PATH}/files`, form, cookie);
}

async function ended(name: string) {
  await until(async () => {
    const found = (await dashboard.services.store.knowledge.sources(GUILD)).find((source) => source.name === name);
    return found !== undefined && found.state !== "running" && readdirSync(join(folder, "uploads")).length === 0;
  }, 60_000);
  return (await dashboard.services.store.knowledge.sources(GUILD)).find((source) => source.name === name);
}

describe("an upload", () => {
  test("becomes passages that are found and linked, and what cannot be read is named", async () => {
    const response = await upload(
      {
        "pairing.md": "# Pair sensors\n\nHold the hub's button for 3 seconds until the light turns blue.",
        "İade koşulları.txt": "İadeler on dört gün içinde nedensiz ödenir.",
        "../../evil.exe": "MZ\u0090\u0000",
      },
      { name: "Handbook", base: "https://docs.example" },
    );
    expect([response.status, response.headers.get("location")]).toEqual([303, `${PATH}?started=1`]);
    const source = await ended("Handbook");
    expect([source?.documents, source?.state]).toEqual([2, "idle"]);
    expect(source?.progress.failures.map((failure) => failure.what)).toEqual(["evil.exe"]);
    const page = await (await dashboard.get(PATH, cookie)).text();
    for (const seen of ["Handbook", "Partly imported", "1 could not be imported", "evil.exe"])
      expect(page).toContain(seen);

    const found = await dashboard.services.knowledge.retrieve(GUILD, "how do I pair a sensor?", 3);
    expect(found.passages[0]?.passage.url).toStartWith("https://docs.example/pairing");
    expect((await dashboard.services.knowledge.retrieve(OTHER_GUILD, "how do I pair a sensor?", 3)).passages).toEqual(
      [],
    );
  });

  test("of the same name replaces what it was, and leaves the rest", async () => {
    await upload({ "pairing.md": "# Pair sensors\n\nPress the crown twice." }, { name: "Handbook" });
    expect((await ended("Handbook"))?.documents).toBe(2);
    await until(async () => {
      const found = await dashboard.services.knowledge.retrieve(GUILD, "pair sensors", 3);
      return found.passages.some(({ passage }) => passage.text.includes("crown"));
    });
  });

  test("of nothing, or with an address that is none, is refused with what to do", async () => {
    for (const [files, fields] of [
      [{}, {}],
      [{ "a.md": "x" }, { base: "javascript:alert(1)" }],
    ] as const) {
      const response = await upload(files, fields);
      expect([response.status, (await response.text()).includes('role="alert"')]).toEqual([422, true]);
    }
  });

  test("is for admins, readers only look", async () => {
    const viewer = await dashboard.signIn({ id: "viewer", name: "viewer", operator: false });
    await dashboard.services.store.people.setRole("viewer", GUILD, "viewer");
    const page = await (await dashboard.get(PATH, viewer)).text();
    expect(page).toContain("Handbook");
    expect(page).not.toContain("multipart/form-data");
    const form = new FormData();
    form.append("files", new File(["x"], "a.md"));
    expect((await dashboard.post(`${PATH}/files`, form, viewer)).status).toBe(404);
  });
});

describe("the documents of a source", () => {
  const sourcePath = async () => `${PATH}/${(await ended("Handbook"))?.id}`;
  const get = async (path: string, as = cookie) => {
    const response = await dashboard.get(path, as);
    return [response.status, await response.text()] as const;
  };
  const documentPath = async (key: string) => {
    const path = await sourcePath();
    const source = path.slice(PATH.length + 1);
    const { items } = await dashboard.services.store.documents.list(GUILD, source, { text: key }, 1);
    return `${path}/documents/${items[0]?.id}`;
  };
  const answersFrom = async (text: string) =>
    (await dashboard.services.knowledge.retrieve(GUILD, "pair sensors crown", 5)).passages.some(({ passage }) =>
      passage.text.includes(text),
    );

  test("are listed and found, each with its passages as the bot sees them and the questions it answered", async () => {
    const path = await documentPath("pairing.md");
    const id = path.split("/").at(-1) ?? "";
    const [, list] = await get(await sourcePath());
    for (const seen of ["pairing.md", "Pair sensors", path]) expect(list).toContain(seen);
    const [, found] = await get(`${await sourcePath()}?q=${encodeURIComponent("pairing")}&which=included`);
    expect([found.includes("Pair sensors"), found.includes("İade")]).toEqual([true, false]);

    const { conversations } = dashboard.services.store;
    const who = { channel: "31" as never, channelName: "help", member: "77" as never, memberName: "Ada" };
    const conversation = (await conversations.open(GUILD, who, 1)).id;
    const exchange = newExchange(conversation);
    const sources = [{ n: 1, title: "Pair sensors", url: null, passage: `${id}.0` }];
    await conversations.record(GUILD, {
      ...exchange,
      turns: exchange.turns.map((turn) => (turn.role === "bot" ? { ...turn, sources } : turn)),
    });
    const [, page] = await get(path);
    for (const seen of ["Press the crown twice.", "How do I reset my password?", conversation])
      expect(page).toContain(seen);
    expect((await get(path.replace(GUILD, OTHER_GUILD)))[0]).toBe(404);
  });

  test("are left out and used again by admins, and stay left out when they are uploaded again", async () => {
    const path = await documentPath("pairing.md");
    expect((await dashboard.post(`${path}/exclude`, {}, cookie)).headers.get("location")).toBe(path);
    await until(async () => !(await answersFrom("crown")));
    await upload({ "pairing.md": "# Pair sensors\n\nPress the crown three times." }, { name: "Handbook" });
    expect(await ended("Handbook")).toMatchObject({ documents: 1, excluded: 1 });
    const [, page] = await get(path);
    for (const seen of ["three times", "Use again", "stays left out"]) expect(page).toContain(seen);
    expect((await get(PATH))[1]).toContain("1 left out");
    expect(await answersFrom("crown")).toBe(false);
    await dashboard.post(`${path}/include`, {}, cookie);
    await until(() => answersFrom("crown three times"));

    const viewer = await dashboard.signIn({ id: "viewer", name: "viewer", operator: false });
    expect((await get(path, viewer))[1]).not.toContain("/exclude");
    for (const act of ["exclude", "include", "read", "remove"])
      expect([act, (await dashboard.post(`${path}/${act}`, {}, viewer)).status]).toEqual([act, 404]);
  });

  test("of files are removed one by one, after a question; a file is not read again by itself", async () => {
    const path = await documentPath("İade");
    expect((await dashboard.post(`${path}/read`, {}, cookie)).status).toBe(404);
    expect((await get(`${path}/remove`))[1]).toContain("leave it out instead");
    expect((await dashboard.post(`${path}/remove`, {}, cookie)).status).toBe(303);
    expect((await get(path))[0]).toBe(404);
    expect((await ended("Handbook"))?.documents).toBe(1);
  });

  test("of a website are ordered to be read again, one at a time", async () => {
    const { knowledge, documents } = dashboard.services.store;
    const config = { start: "https://docs.example/", again: null };
    const { id } = await knowledge.saveSource(GUILD, { kind: "website", name: "Docs", config });
    const key = "https://docs.example/a";
    const page = { title: "A", url: key, language: "en" };
    const passages = [{ ...page, headings: [], text: "Text.", position: 0 }];
    await knowledge.putDocument(GUILD, id, { ...page, key, hash: "h", passages });
    const [document] = (await documents.list(GUILD, id, {}, 1)).items;
    const path = `${PATH}/${id}/documents/${document?.id}`;
    expect((await dashboard.post(`${path}/remove`, {}, cookie)).status).toBe(404);
    expect((await dashboard.post(`${path}/read`, {}, cookie)).headers.get("location")).toBe(`${path}?told=ordered`);
    expect((await get(`${path}?told=ordered`))[1]).toContain("being read again");
    await until(async () => (await knowledge.sources(GUILD)).find((one) => one.id === id)?.state !== "running", 20_000);
    await knowledge.removeSource(GUILD, id);
  });
});

describe("what an admin types", () => {
  const first = async (question: string) =>
    (await dashboard.services.knowledge.retrieve(GUILD, question, 1)).passages[0]?.passage;
  const pairsForm = (rows: readonly (readonly [string, string])[], fields: Readonly<Record<string, string>> = {}) => {
    const form = new FormData();
    for (const [question, answer] of rows) {
      form.append("question", question);
      form.append("answer", answer);
      form.append("url", "");
    }
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    return form;
  };

  test("as questions with answers is found first, added to, and edited as a whole", async () => {
    await dashboard.post(
      `${PATH}/pairs`,
      pairsForm([
        ["What is the blue moon code?", "It is 4711."],
        ["", ""],
      ]),
      cookie,
    );
    await until(async () => (await first("blue moon code"))?.text.includes("4711") === true);
    expect((await first("blue moon code"))?.kind).toBe("pair");
    await dashboard.post(`${PATH}/pairs`, pairsForm([["Who made the lamp?", "Nobody knows."]]), cookie);
    const source = (await dashboard.services.store.knowledge.sources(GUILD)).find((one) => one.kind === "pairs");
    expect(source?.documents).toBe(2);

    const edit = await (await dashboard.get(`${PATH}/${source?.id}/edit`, cookie)).text();
    expect(edit).toContain("It is 4711.");
    const version = /name="version" value="([^"]+)"/.exec(edit)?.[1] ?? "";
    const fields = { whole: "1", version, name: source?.name ?? "" };
    const whole = pairsForm([["What is the blue moon code?", "It is 42."]], fields);
    await dashboard.post(`${PATH}/pairs`, whole, cookie);
    await until(async () => (await first("blue moon code"))?.text.includes("42") === true);
    expect(
      (await dashboard.services.store.knowledge.sources(GUILD)).find((one) => one.kind === "pairs")?.documents,
    ).toBe(1);
  });

  test("as a text is found, and half a pair or nothing is refused", async () => {
    const text = "# House rules\n\nGiraffes stay outside the greenhouse.";
    expect((await dashboard.post(`${PATH}/texts`, { name: "Rules", text }, cookie)).status).toBe(303);
    await until(async () => (await first("giraffes in the greenhouse"))?.text.includes("outside") === true);
    expect((await dashboard.post(`${PATH}/texts`, { name: "Rules", text: " " }, cookie)).status).toBe(422);
    expect((await dashboard.post(`${PATH}/texts`, { name: "", text }, cookie)).status).toBe(422);
    expect((await dashboard.post(`${PATH}/pairs`, pairsForm([["only a question", ""]]), cookie)).status).toBe(422);
    expect((await dashboard.post(`${PATH}/pairs`, pairsForm([]), cookie)).status).toBe(422);
  });

  test("as a website's address is refused where it is not public", async () => {
    for (const start of [
      "",
      "nonsense",
      "file:///etc/passwd",
      "http://127.0.0.1/",
      "http://169.254.169.254/latest",
      "javascript:1",
    ]) {
      expect([start, (await dashboard.post(`${PATH}/websites`, { start }, cookie)).status]).toEqual([start, 422]);
    }
    expect((await dashboard.services.store.knowledge.sources(GUILD)).some((one) => one.kind === "website")).toBe(false);
  });
});

test("of two uploads to one source at once, one is taken", async () => {
  const files = [{ name: "twice.md", bytes: new TextEncoder().encode("# Twice\n\nOnce is enough.") }];
  const order = () => dashboard.jobs.imports.order(GUILD, "Twice", null, files);
  expect(await Promise.all([order(), order()])).toEqual(["ordered", "busy"]);
  expect((await ended("Twice"))?.documents).toBe(1);
});

describe("stopping", () => {
  test("reaches an import that runs here, whichever process was asked to stop it", async () => {
    const files = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`${n}.md`, `# Part ${n}\n\nText ${n}.`]));
    await upload(files, { name: "Encyclopedia" });
    await dashboard.services.bus.publish({ type: "job-cancelled", guild: GUILD, source: "x", name: "Encyclopedia" });
    const source = async () =>
      (await dashboard.services.store.knowledge.sources(GUILD)).find(({ name }) => name === "Encyclopedia");
    await until(async () => (await source())?.state === "idle", 20_000);
    const stopped = await source();
    expect(stopped?.documents).toBeLessThan(100);
    expect(await (await dashboard.get(PATH, cookie)).text()).toContain(`Stopped: ${stopped?.documents} of 100`);

    // And goes on from there.
    const path = `${PATH}/${stopped?.id}/continue`;
    await until(async () => (await dashboard.post(path, {}, cookie)).status === 303);
    expect((await ended("Encyclopedia"))?.documents).toBe(100);
    const again = await dashboard.post(path, {}, cookie);
    expect([again.status, await again.text()]).toEqual([422, expect.stringContaining("no longer here")]);
  });

  test("of what runs in another process is told to all of them", async () => {
    const { store, bus } = dashboard.services;
    const { id: source } = await store.knowledge.saveSource(GUILD, { kind: "files", name: "Elsewhere", config: {} });
    await store.knowledge.setProgress(GUILD, source, "running", { done: 1, total: 9, failures: [] });
    const heard: unknown[] = [];
    const forget = bus.subscribe((news) => news.type === "job-cancelled" && heard.push(news));
    expect(await (await dashboard.get(PATH, cookie)).text()).toContain(`${source}/cancel`);
    expect((await dashboard.post(`${PATH}/${source}/cancel`, {}, cookie)).status).toBe(303);
    await until(() => heard.length > 0);
    expect(heard).toEqual([{ type: "job-cancelled", guild: GUILD, source, name: "Elsewhere" }]);
    forget();
    await store.knowledge.removeSource(GUILD, source);
  });
});

test("removing a source asks first, and takes its passages along at once", async () => {
  const source = await ended("Handbook");
  const path = `${PATH}/${source?.id}/remove`;
  const ask = await (await dashboard.get(path, cookie)).text();
  expect(ask).toContain("Remove “Handbook”?");
  expect((await dashboard.services.store.knowledge.sources(GUILD)).map((one) => one.name)).toContain("Handbook");
  expect((await dashboard.post(path, {}, cookie)).status).toBe(303);
  expect((await dashboard.services.store.knowledge.sources(GUILD)).map((one) => one.name)).not.toContain("Handbook");
  await until(async () => {
    const found = await dashboard.services.knowledge.retrieve(GUILD, "pair sensors crown", 3);
    return found.passages.every(({ passage }) => !passage.text.includes("crown"));
  });
  expect((await dashboard.get(path, cookie)).status).toBe(404);
});

test("the page says that passages are ranked by meaning too where there is an endpoint for it, and nothing without one", async () => {
  const { services } = dashboard;
  await services.store.knowledge.saveSource(GUILD, { kind: "files", name: "Any", config: {} });
  const read = async () => (await dashboard.get(PATH, cookie)).text();
  expect(await read()).not.toContain("by meaning");
  Object.assign(services, { embedder: { model: "by-hand", embed: async () => [] } });
  expect(await read()).toContain("ranked by words and by meaning; meanings kept of 0 passages (by-hand)");
  Object.assign(services, { embedder: null });
});
