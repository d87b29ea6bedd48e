/** What pool.test.ts plays, one scene a process: `bun run scenes.ts NAME` prints what came of it as one JSON line. */
import { type Report, Scene } from "./scene.ts";

type Play = (scene: Scene) => Promise<Record<string, unknown>>;

const settled = (scene: Scene) => scene.until(() => scene.pool.depth() === 0, "everything had its end");

const scenes: Record<string, { readonly options?: ConstructorParameters<typeof Scene>[0]; readonly play: Play }> = {
  /** Everything a quiet day brings. */
  ordinary: {
    options: { workers: 2, ringBytes: 8 << 20 },
    async play(scene) {
      for (let i = 0; i < 3_000; i++) scene.say({ guild: String(200_000_000_000_000_000n + BigInt(i % 50)) });
      scene.say({ to: "bot", content: "tell:x" });
      scene.say({ to: "bot", content: "slow:30" });
      scene.say({ to: "bot", content: "fail:now" });
      scene.say({ guild: null, content: "tell:dm" });
      scene.event("PRESENCE_UPDATE", { guild_id: "1" });
      scene.event("GUILD_CREATE", { id: "5" });
      scene.event("INTERACTION_CREATE", { id: "77", guild_id: "5", channel_id: "6" });
      scene.event("READY", { id: "ready" });
      await settled(scene);
      return {};
    },
  },
  /** One channel's words, in the order they were said; one of them starts a conversation. */
  order: {
    async play(scene) {
      for (let i = 0; i < 50; i++) scene.say({ to: "bot", content: `tell:${i}` });
      scene.say({ channel: "31", content: "tell:unheard" });
      scene.say({ channel: "31", to: "bot", content: "active:on" });
      scene.say({ channel: "31", content: "tell:heard" });
      await settled(scene);
      return {};
    },
  },
  /** Main proves silence itself once the worker has told it of the guild, but not behind what is on its way, nor past a change. */
  quiet: {
    async play(scene) {
      const proven = () => scene.pool.metrics.workers()[0]?.proven ?? 0;
      const counts: number[] = [];
      const sayAll = async (count: number) => {
        const before = proven();
        for (let i = 0; i < count; i++) scene.say({ channel: `4${i % 7}` });
        await settled(scene);
        counts.push(proven() - before);
      };
      await sayAll(50);
      scene.say({ to: "bot", content: "quiet:on" });
      await settled(scene);
      // The worker has dealt with the last reply to it.
      for (let i = 0; proven() === 0 && i < 1_000; i++) {
        scene.say();
        await Bun.sleep(1);
      }
      await settled(scene);
      await sayAll(50);
      // Behind a message that may start a conversation, and after it did.
      scene.say({ channel: "31", to: "bot", content: "active:on" });
      scene.say({ channel: "31", content: "tell:first" });
      await settled(scene);
      scene.say({ channel: "31", content: "tell:second" });
      await settled(scene);
      await scene.until(() => scene.deeds.length === 2, "both were heard");
      scene.say({ to: "bot", content: "changed:on" });
      await settled(scene);
      await sayAll(50);
      await scene.until(() => scene.marks.get(0) === scene.seq, "all is settled");
      return { counts };
    },
  },
  /** Frames too large for the ring keep their place among the others. */
  oversize: {
    async play(scene) {
      scene.event("GUILD_CREATE", { id: "1", filler: "x".repeat(400_000) });
      scene.event("GUILD_UPDATE", { id: "2" });
      scene.event("GUILD_CREATE", { id: "3", filler: "x".repeat(3_000_000) });
      scene.event("GUILD_UPDATE", { id: "4" });
      await settled(scene);
      return {};
    },
  },
  news: {
    options: { workers: 2 },
    async play(scene) {
      scene.publish({ type: "guild-changed", guild: "1" as never });
      await scene.until(() => scene.deeds.length === 2, "both workers heard it");
      return {};
    },
  },
  /** A message held for long goes into the inbox and holds the sequence no more; its end takes it out again. */
  held: {
    async play(scene) {
      scene.say({ to: "bot", content: "slow:2700" });
      const last = scene.say();
      await scene.until(() => scene.marks.get(0) === last, "the sequence settled");
      const meanwhile = { depth: scene.pool.depth(), inbox: scene.inbox.size };
      await settled(scene);
      await scene.until(() => scene.inbox.size === 0, "the inbox is empty");
      return { meanwhile };
    },
  },
  /** More late messages than the inbox is asked to take at a time, while it takes none. */
  "held-many": {
    async play(scene) {
      const gate = Promise.withResolvers<void>();
      scene.puts.gate = gate.promise;
      for (let n = 0; n < 150; n++)
        scene.say({ to: "bot", author: String(700_000_000_000_000_000n + BigInt(n)), content: "slow:4000" });
      await scene.until(() => scene.puts.atOnce >= 64, "the inbox was asked");
      await scene.until(() => scene.outcomes.length > 0, "the first ends");
      gate.resolve();
      await settled(scene);
      await scene.until(() => scene.inbox.size === 0, "the inbox is empty");
      return { most: scene.puts.most };
    },
  },
  /** What an ended process left. */
  recover: {
    async play(scene) {
      const { messageFrame, BOT } = await import("./frames.ts");
      const { APPLICATION } = await import("./scene.ts");
      const row = (content: string, attempts: number) => ({
        guild: null,
        payload: messageFrame({ seq: 900, content: `<@${BOT}> ${content}`, mentions: [BOT] }).toString(),
        attempts,
      });
      scene.inbox.set("800", row("tell:again", 0));
      scene.inbox.set("801", row("tell:never", 3));
      const again = await scene.pool.recover(APPLICATION);
      await settled(scene);
      return { again };
    },
  },
  hang: { options: { stallMs: 1_000 }, play: (scene) => death(scene, "hang:on", 30_000) },
  "die-exit": { play: (scene) => death(scene, "die:exit") },
  "die-throw": { play: (scene) => death(scene, "die:throw") },
  "die-reject": { play: (scene) => death(scene, "die:reject") },
  "die-timer": { play: (scene) => death(scene, "die:timer") },
  /** Far more than can be taken, for a guild that only wants to be listened to in smart mode. */
  overload: {
    options: { config: { everything: ["200000000000000009"] } },
    async play(scene) {
      const before = process.memoryUsage.rss();
      let rss = 0;
      let answered = 0;
      for (let round = 0; round < 40; round++) {
        for (let i = 0; i < 2_000; i++) {
          scene.say({ guild: "200000000000000009", channel: `3${i % 40}`, content: i % 10 === 0 ? "busy:2" : "hm" });
        }
        const started = performance.now();
        const id = String(round);
        scene.event("INTERACTION_CREATE", { id, guild_id: "200000000000000009" });
        await scene.until(
          () => scene.deeds.some((deed) => deed.endsWith(`INTERACTION_CREATE:${id}`)),
          "it is answered",
        );
        answered = Math.max(answered, performance.now() - started);
        rss = Math.max(rss, process.memoryUsage.rss());
      }
      await settled(scene);
      const flooded = scene.report();
      const from = scene.seq;
      for (let i = 0; i < 100; i++) scene.say({ guild: "200000000000000009", content: "calm" });
      await settled(scene);
      const after = scene.report();
      const shed = (report: Report) =>
        Object.entries(report.outcomes).reduce((sum, [name, n]) => sum + (name.startsWith("dropped/") ? n : 0), 0);
      return {
        grownMb: (rss - before) / 2 ** 20,
        interactionMs: answered,
        shed: shed(flooded),
        shedAfter: shed(after) - shed(flooded),
        markedAfter: (after.mark ?? 0) - from,
      };
    },
  },
};

/** Kills worker after worker; its neighbours must not notice. */
async function death(scene: Scene, words: string, msMax?: number): Promise<Record<string, never>> {
  scene.say({ to: "bot", content: "slow:100" });
  scene.say({ to: "bot", content: "tell:before" });
  scene.say({ to: "bot", content: words });
  scene.say({ to: "bot", content: "tell:after" });
  for (let i = 0; i < 200; i++) scene.say();
  await scene.until(() => scene.deeds.some((deed) => deed.includes("tell:after")), "a neighbour got its turn", msMax);
  await scene.until(() => scene.pool.metrics.parked === 1 && scene.pool.depth() === 0, "it is parked", msMax);
  return {};
}

const chosen = scenes[process.argv[2] ?? ""];
if (chosen === undefined) throw new Error(`no scene ${process.argv[2]}`);
const scene = new Scene(chosen.options);
await scene.pool.start();
const more = await chosen.play(scene);
await scene.pool.drain(1_000);
await scene.pool.stop();
process.stdout.write(`${JSON.stringify({ ...scene.report(), ...more })}\n`);
