/** The outbox in memory, on the test's clock, with the rules of store/sql; the contract suite holds both to them. */
import type { Clock } from "../../src/clock.ts";
import type { GuildId, UserId } from "../../src/ids.ts";
import { requestId } from "../../src/request.ts";
import type { OutboxBegin, OutboxEnd, OutboxStore, OutboxTask } from "../../src/store/ports/outbox.ts";

type Kept = OutboxTask & { readonly nextAtMs: number | null };

export type MemoryOutbox = OutboxStore & { readonly tasks: Map<string, Kept> };

/** `agentOf` says which agent speaks in a conversation now. */
export function memoryOutbox(
  clock: Pick<Clock, "now">,
  agentOf: (conversation: string) => UserId | null = () => null,
): MemoryOutbox {
  const tasks = new Map<string, Kept>();
  const doneAtMs = new Map<string, number>();

  function write(key: string, guild: GuildId | null, conversation: string | null, fields: Partial<Kept>): void {
    const fresh: Kept = {
      key,
      guild,
      conversation,
      kind: "message",
      payload: null,
      state: "planned",
      attempts: 0,
      message: null,
      problem: null,
      request: null,
      createdAtMs: clock.now(),
      sentAtMs: null,
      nextAtMs: null,
    };
    tasks.set(key, { ...(tasks.get(key) ?? fresh), ...fields });
  }

  const isDue = (task: Kept): boolean =>
    (task.state === "planned" || task.state === "sent") && task.nextAtMs !== null && task.nextAtMs <= clock.now();

  return {
    tasks,
    async plan(guild, { key, kind, payload, conversation, atMs }) {
      if (tasks.has(key)) return false;
      write(key, guild, conversation ?? null, { kind, payload, request: requestId(), nextAtMs: atMs ?? clock.now() });
      return true;
    },
    async claim(kinds, { limit, leaseMs }) {
      const turns = new Map<string | null, number>();
      return [...tasks.values()]
        .filter((task) => kinds.includes(task.kind) && isDue(task))
        .sort((a, b) => (a.nextAtMs ?? 0) - (b.nextAtMs ?? 0))
        .map((task) => {
          const turn = turns.get(task.guild) ?? 0;
          turns.set(task.guild, turn + 1);
          return { task, turn };
        })
        .sort((a, b) => a.turn - b.turn)
        .slice(0, limit)
        .map(({ task }) => {
          write(task.key, null, null, { attempts: task.attempts + 1, nextAtMs: clock.now() + leaseMs });
          const { nextAtMs: _, ...claimed } = tasks.get(task.key) ?? task;
          return claimed;
        });
    },
    async begin(guild, key, conversation, claim): Promise<OutboxBegin> {
      const there = tasks.get(key);
      if (there !== undefined && there.guild !== guild) throw new Error("an effect of another guild");
      if (there?.state === "done") return { state: "done", message: there.message };
      if (there?.state === "refused" || there?.state === "unknown") return { state: "closed", why: there.state };
      if (claim !== undefined && there?.attempts !== claim) return { state: "closed", why: "taken" };
      if (there?.state === "sent") return { state: "in-flight", sinceMs: there.sentAtMs ?? there.createdAtMs };
      const agent = conversation === null ? null : agentOf(conversation);
      if (agent !== null) return { state: "held", agent };
      const attempts = claim ?? (there?.attempts ?? 0) + 1;
      write(key, guild, conversation, { state: "sent", sentAtMs: clock.now(), problem: null, attempts });
      return { state: "begun" };
    },
    async finish(guild, key, end, claim) {
      const there = tasks.get(key);
      if (there === undefined || there.guild !== guild || there.state === "done") return false;
      if (claim !== undefined && there.attempts !== claim) return false;
      if ("message" in end) doneAtMs.set(key, clock.now());
      write(key, guild, null, ended(end));
      return true;
    },
    async get(guild, key) {
      const there = tasks.get(key);
      if (there === undefined || there.guild !== guild) return null;
      const { nextAtMs: _, ...task } = there;
      return task;
    },
    inFlight: async (guild, conversation, sinceMs = Number.POSITIVE_INFINITY) =>
      [...tasks.values()].filter(
        (t) =>
          (t.state === "sent" || (t.state === "done" && (doneAtMs.get(t.key) ?? -1) > sinceMs)) &&
          t.guild === guild &&
          t.conversation === conversation,
      ),
    async again(guild, key, conversation) {
      const there = tasks.get(key);
      if (there?.state === "done") return { state: "done", message: there.message };
      if (there?.state === "refused" || there?.state === "unknown") return { state: "closed", why: there.state };
      const agent = conversation === null ? null : agentOf(conversation);
      if (agent !== null) return { state: "held", agent };
      write(key, guild, conversation, { state: "sent", sentAtMs: clock.now() });
      return { state: "begun" };
    },
    async backlog() {
      const due = [...tasks.values()].filter(isDue);
      return [...new Set(due.map((task) => task.kind))].sort().map((kind) => {
        const mine = due.filter((task) => task.kind === kind);
        return {
          kind,
          tasks: mine.length,
          oldestMs: clock.now() - Math.min(...mine.map((task) => task.nextAtMs ?? clock.now())),
        };
      });
    },
  };
}

function ended(end: OutboxEnd): Partial<Kept> {
  if ("message" in end) return { state: "done", message: end.message, problem: null, payload: null, nextAtMs: null };
  if ("again" in end) return { state: "planned", problem: end.again, nextAtMs: end.atMs };
  if ("failed" in end) return { state: "failed", problem: end.failed, nextAtMs: null };
  if ("refused" in end) return { state: "refused", problem: end.refused, nextAtMs: null };
  return { state: "unknown", problem: end.unknown, nextAtMs: null };
}
