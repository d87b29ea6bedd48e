import { expect, test } from "bun:test";
import type { ApplicationId, GuildId } from "../../../src/ids.ts";
import { defaultSettings } from "../../../src/settings/form.ts";
import { type BotFacts, type DoctorFacts, diagnose } from "../../../src/status/doctor.ts";

const application = "200000000000000001" as ApplicationId;
const unseen = {
  ...{ guild: "100000000000000001" as GuildId, application, name: "Lumen", settings: defaultSettings, passages: 3 },
  ...{ meant: null, hearsMembers: null },
};

function findings(bot: BotFacts) {
  const facts: DoctorFacts = {
    ...{
      database: { ok: true, version: "18.4", embedded: true },
      redis: "absent",
      model: { problem: null, models: [] },
      bots: [bot],
    },
    embeddings: null,
    ...{ shards: { shards: 0, held: 0, ready: 0 }, contentIntentWanted: true },
    guilds: [{ ...unseen, view: null, self: null, channels: [] }],
  };
  return diagnose(facts, "en").filter(({ state }) => state === "problem");
}

test.each([
  ["token-refused", "copy a new one"],
  ["token-absent", "set the DISCORD_TOKEN"],
  ["unreachable", "check this machine's way to it"],
] as const)("a bot that cannot be asked (%s) is the one problem, with what to do about it", (why, says) => {
  const found = findings({ application, refused: "it failed", why });
  expect(found).toEqual([
    { check: "token", state: "problem", where: application, says: expect.stringContaining(says) },
  ]);
});

const LIVING = {
  ...{ application, refused: null, name: "Moor", contentIntent: true, membersIntent: true, endpointUrl: null },
  commandsRegistered: true,
  commandsRefused: null,
} as const satisfies BotFacts;

test("commands that Discord refused are a problem that gives its reason, and what to do", () => {
  const refused = {
    ...LIVING,
    commandsRegistered: false,
    commandsRefused: "register: Maximum number of commands (30032)",
  };
  expect(findings(refused).filter(({ check }) => check === "commands")).toEqual([
    {
      ...{ check: "commands", state: "problem", where: "Moor" },
      says: expect.stringMatching(/Maximum number of commands \(30032\).*tries again at its next start/),
    },
  ]);
  expect(findings(LIVING).map(({ check }) => check)).not.toContain("commands");
});

test("a server that a working bot does not see is a problem of the server", () => {
  expect(findings(LIVING).map(({ check }) => check)).toContain("guild");
});

test.each([
  [{ shards: 2, held: 0, ready: 0 }, "problem", "No process runs the gateway"],
  [{ shards: 2, held: 2, ready: 0 }, "problem", "Discord has not let it in yet"],
  [{ shards: 2, held: 2, ready: 1 }, "warning", "Only 1 of 2 shards are connected"],
  [{ shards: 2, held: 2, ready: 2 }, "ok", "The gateway is up with 2 shards."],
] as const)("the gateway is up once Discord said READY, not once it is held: %j is a %s", (shards, state, says) => {
  const facts: DoctorFacts = {
    ...{
      database: { ok: true, version: "18.4", embedded: true },
      redis: "absent",
      model: { problem: null, models: [] },
      bots: [LIVING],
    },
    embeddings: null,
    ...{ shards, contentIntentWanted: true, guilds: [] },
  };
  const gateway = diagnose(facts, "en").filter(({ check }) => check === "gateway");
  expect(gateway).toMatchObject([{ state, says: expect.stringContaining(says) }]);
});

test("an embedding endpoint that answers is told, one that does not is a warning that says what ranks meanwhile; none says nothing", () => {
  const facts = (embeddings: DoctorFacts["embeddings"]): DoctorFacts => ({
    ...{
      database: { ok: true, version: "18.4", embedded: true },
      redis: "absent",
      model: { problem: null, models: [] },
      bots: [],
    },
    ...{ embeddings, shards: { shards: 0, held: 0, ready: 0 }, contentIntentWanted: true, guilds: [] },
  });
  const meanings = (of: DoctorFacts["embeddings"]) =>
    diagnose(facts(of), "en").filter(({ check }) => check === "meanings");
  expect(meanings(null)).toEqual([]);
  expect(meanings({ model: "m1", problem: null })).toMatchObject([
    { state: "ok", says: expect.stringContaining("m1") },
  ]);
  expect(meanings({ model: "m1", problem: "the embedding endpoint answered 404" })).toMatchObject([
    { state: "warning", says: expect.stringMatching(/words alone: the embedding endpoint answered 404; check EMB/) },
  ]);
});

test("a model that is not served is a warning where another answers in its place, and a problem where none does", () => {
  const facts = (model: DoctorFacts["model"]): DoctorFacts => ({
    ...{ database: { ok: true, version: "18.4", embedded: true }, redis: "absent", model, bots: [], embeddings: null },
    ...{ shards: { shards: 0, held: 0, ready: 0 }, contentIntentWanted: true, guilds: [] },
  });
  const found = (model: DoctorFacts["model"]) => diagnose(facts(model), "en").filter(({ check }) => check === "model");
  const gone = (instead: string | null) => ({ problem: null, models: [{ model: "old", served: false, instead }] });
  expect(found(gone("new"))).toMatchObject([{ state: "warning", says: expect.stringContaining("new answers in its") }]);
  expect(found(gone(null))).toMatchObject([{ state: "problem", says: expect.stringContaining("does not serve old") }]);
  expect(found({ problem: "it refused the key (401)", models: [] })).toMatchObject([
    { state: "warning", says: expect.stringContaining("refused the key (401); check GROQ_API_KEY") },
  ]);
  expect(found(null)).toMatchObject([{ state: "warning", says: expect.stringContaining("no GROQ_API_KEY") }]);
});
