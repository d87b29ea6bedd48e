/**
 * Where the rules of tidy.test.ts are not kept, and why. These lists may only shrink: an entry that is no longer needed fails
 * the test, and so does whatever breaks a rule and is not named here.
 */
type Exceptions = Readonly<Record<string, string>>;

/** Files that ask something other than clock.ts for time, a timer or chance. */
export const OWN_TIME: Exceptions = {
  "web/webhook.ts": "the deadline of the endpoint's self-test is fetch's own signal",
};

/** Exported names with two owners, and which two. */
export const NAMED_TWICE: Exceptions = {
  fold: "folding for search keeps what folding for moderation drops",
  words: "of a language, and of a text",
};

/** Files that hand on names without being the door of their room, or have nothing of their own. */
export const HANDS_ON: Exceptions = {};

/** Ports with more than 10 methods. */
export const WIDE_PORTS: Exceptions = {
  "src/store/ports/knowledge.ts KnowledgeStore": "what imports write and what an index reads become two",
  "src/store/ports/people.ts PeopleStore": "sessions and roles become two",
};

/** Files over 400 lines. */
export const LONG_FILES: Exceptions = {
  "src/i18n/bot-lines.ts": "a table, one language after the other",
  "src/i18n/privacy-lines.ts": "a table, one language after the other",
};

/** Files that no test imports, neither by themselves nor through the door of their room: what tests them instead. A folder stands for its files. */
export const UNTESTED: Exceptions = {
  "shards/bot.ts": "e2e tests run it as a process",
  "shards/cli/account.ts": "operators' command over plans.ts, which is tested",
  "shards/cli/ask.ts": "test/e2e/command-line.test.ts",
  "shards/cli/backup.ts": "test/contract/backup.test.ts tests what it reads and writes",
  "shards/cli/demo.ts": "test/e2e/demo.test.ts",
  "shards/cli/doctor.ts": "test/e2e/command-line.test.ts",
  "shards/cli/knowledge.ts": "test/e2e/command-line.test.ts",
  "shards/cli/migrate.ts": "test/e2e/command-line.test.ts",
  "shards/cli/probe.ts": "test/e2e/command-line.test.ts",
  "shards/cli/progress.ts": "prints a bar",
  "shards/cli/roles.ts": "e2e tests run it as a process",
  "shards/cli/run.ts": "e2e tests run it as a process",
  "shards/migrated.ts": "test/e2e/command-line.test.ts",
  "shards/process.ts": "e2e tests run it as a process",
  "src/bots/introduce.ts": "e2e: registering at start",
  "src/exchange.ts": "test/src/pipeline.test.ts",
  "src/oauth.ts": "test/web/discord-sign-in.test.ts",
  "src/redis.ts": "test/contract/redis-faults.test.ts",
  "src/text/harm-words.ts": "a table; prefilter tests",
  "src/text/request-words.ts": "a table; prefilter tests",
  "src/text/words.ts": "smart mode and prefilter tests",
  "web/assets.ts": "test/web/server.test.ts and every page's test, over HTTP",
  "web/cookies.ts": "test/web/server.test.ts and every page's test, over HTTP",
  "web/respond.ts": "test/web/server.test.ts and every page's test, over HTTP",
  "web/words.ts": "test/web/server.test.ts and every page's test, over HTTP",
  "web/accounts/": "pages' tests over HTTP: usage.test.ts",
  "web/decisions/": "pages' tests over HTTP: answering.test.ts",
  "web/doctor/": "pages' tests over HTTP: guilds.test.ts",
  "web/parts/": "pages' tests over HTTP: every page's test",
  "web/playground/": "pages' tests over HTTP: answering.test.ts",
  "web/setup/": "pages' tests over HTTP: guilds.test.ts",
  "web/shell/": "pages' tests over HTTP: every page's test",
};
