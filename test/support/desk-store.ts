/** The team's desk in memory, over the talks of the store's double. */
import type { Clock } from "../../src/clock.ts";
import type { ConversationRow, TurnRow } from "../../src/store/ports/conversations.ts";
import type { DeskStore, NoteRow } from "../../src/store/ports/desk.ts";

type Talks = Map<string, { row: ConversationRow; turns: TurnRow[] }>;

export function memoryDesk(clock: Clock, talks: Talks): DeskStore {
  const notes = new Map<string, NoteRow[]>();
  const all = () => [...talks.values()];
  return {
    live: async () =>
      all().map(({ row }) => ({
        conversation: row,
        guildName: row.guild,
        application: null,
        memberText: "",
        waitingSinceMs: null,
      })),
    held: async (guild) =>
      all().flatMap(({ row }) =>
        (guild === null || row.guild === guild) && row.takeover.by === "agent" && row.takeover.idleAtMs > clock.now()
          ? [
              {
                ...{
                  guild: row.guild,
                  conversation: row.id,
                  channel: row.channel,
                  member: row.member,
                  memberName: row.memberName,
                },
                ...{ agent: row.takeover.agent, idleAtMs: row.takeover.idleAtMs },
              },
            ]
          : [],
      ),
    async change(_guild, id, change) {
      const talk = talks.get(id);
      if (talk === undefined) return false;
      talk.row = { ...talk.row, ...change };
      return true;
    },
    async find(guild, by) {
      const found = all().findLast(({ row, turns }) => {
        if (row.guild !== guild) return false;
        if ("message" in by) return turns.some((turn) => turn.message === by.message);
        if (row.channel !== by.channel) return false;
        return "member" in by ? row.member === by.member : turns.at(-1)?.role === "bot";
      });
      return found?.row ?? null;
    },
    async say(_guild, id, turn) {
      const talk = talks.get(id);
      if (talk === undefined || talk.turns.some((one) => one.message === turn.message)) return false;
      talk.turns.push({ ...turn, id: clock.id(), feedback: null });
      return true;
    },
    async reword(_guild, message, text) {
      for (const talk of all()) {
        const place = talk.turns.findIndex((turn) => turn.message === message);
        const turn = talk.turns[place];
        if (turn === undefined) continue;
        talk.turns[place] = text === null ? { ...turn, deletedAtMs: clock.now() } : { ...turn, text };
        return true;
      }
      return false;
    },
    async note(_guild, id, note) {
      notes.set(id, [...(notes.get(id) ?? []), { ...note, id: clock.id(), atMs: clock.now() }]);
    },
    notes: async (_guild, id) => notes.get(id) ?? [],
    replies: async () => [],
    saveReply: async () => true,
  };
}
