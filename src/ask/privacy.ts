/**
 * /privacy: what the bot keeps about whoever asks, and three buttons: a file with all of it by direct message, forget me, do not
 * read me. It speaks for the servers of the bot that was asked, never for another bot's of this deployment.
 */
import type { Answered } from "../answering.ts";
import { AppError } from "../errors.ts";
import { hotKey } from "../hot.ts";
import type { BotWords } from "../i18n.ts";
import type { GuildId } from "../ids.ts";
import type { Memory } from "../memory.ts";
import { outcome } from "../record.ts";
import type { Services } from "../services.ts";
import { defaultSettings } from "../settings/form.ts";
import { settled } from "../settled.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import type { CommandTask } from "./task.ts";

export type PrivacyWish = "show" | "file" | "forget" | "unread" | "read";

export type PrivacyDesk = {
  /** `row`: of the server it was asked in; null in a direct message without a home. */
  answer(task: CommandTask, wish: PrivacyWish, row: GuildRow | null, said: BotWords): Promise<Answered>;
};

/** Making a file reads whole tables: one a person in this time, and one after the other in a process. */
const FILE_AGAIN_MS = 6 * 3_600_000;
const FILES_WAITING_MAX = 20;
/** Discord takes 10 MB from a bot. */
const FILE_BYTES_MAX = 9_500_000;

export function createPrivacyDesk(services: Services, memory: Memory): PrivacyDesk {
  const { store, hot, clock, optOuts } = services;
  let files: Promise<unknown> = Promise.resolve();
  let filesWaiting = 0;

  async function shown({ application, interaction }: CommandTask, row: GuildRow | null, { privacy }: BotWords) {
    await optOuts.load();
    const out = optOuts.has(application, interaction.user.id) === true;
    const { retention, moderation } = row?.settings ?? defaultSettings;
    const kept = privacy.kept(retention.turnsDays, retention.silencesDays, moderation.keepDays);
    return {
      content: out ? `${kept}\n\n${privacy.isUnread}` : kept,
      buttons: [
        { id: "privacy:file", label: privacy.file },
        { id: "privacy:forget", label: privacy.forget },
        out ? { id: "privacy:read", label: privacy.readAgain } : { id: "privacy:unread", label: privacy.doNotRead },
      ],
    };
  }

  async function forget({ application, interaction: { user } }: CommandTask): Promise<readonly GuildId[]> {
    const guilds = await store.privacy.guilds(application, user.id);
    for (const guild of guilds) {
      await memory.forget(guild, user.id, clock.now());
      await store.retention.forgetMember(guild, user.id);
    }
    return guilds;
  }

  async function sendFile(task: CommandTask, said: BotWords): Promise<string> {
    const { application, interaction } = task;
    const { user, id } = interaction;
    const { privacy } = said;
    const { messages } = services.discord(application);
    const key = hotKey("global", "privacy-file", application, user.id);
    // A repeated delivery of this very press is the same wish.
    if (!(await hot.claim(key, id, FILE_AGAIN_MS))) return privacy.fileAgain(FILE_AGAIN_MS / 3_600_000);
    try {
      const bytes = await inTurn(() => keptBy(task));
      if (bytes === null) {
        await hot.remove([key]);
        return privacy.busy;
      }
      if (bytes.length > FILE_BYTES_MAX) return privacy.fileTooLarge;
      const file = { name: "gatehouse-privacy.json.gz", bytes };
      await messages.send(await messages.direct(user.id), { content: privacy.fileHere, file }, id);
      return privacy.fileSent;
    } catch (error) {
      if (error instanceof AppError && error.kind === "unknown-outcome") return privacy.fileSent;
      await hot.remove([key]);
      if (error instanceof AppError && error.kind === "forbidden") return privacy.cannotWrite;
      throw error;
    }
  }

  /** Null where too many wait already. */
  async function inTurn<T>(work: () => Promise<T>): Promise<T | null> {
    if (filesWaiting >= FILES_WAITING_MAX) return null;
    filesWaiting++;
    const mine = files.then(work).finally(() => filesWaiting--);
    files = settled(mine);
    return await mine;
  }

  async function keptBy({ application, interaction: { user } }: CommandTask): Promise<Uint8Array> {
    const servers = [];
    for (const guild of await store.privacy.guilds(application, user.id)) {
      const name = (await store.guilds.get(guild))?.name ?? guild;
      servers.push({ guild, name, tables: await store.privacy.everything(user.id, guild) });
    }
    const notToBeRead = optOuts.has(application, user.id) === true;
    const kept = { user: user.id, bot: application, at: new Date(clock.now()).toISOString(), notToBeRead, servers };
    return Bun.gzipSync(new TextEncoder().encode(JSON.stringify(kept, null, 2)));
  }

  return {
    async answer(task, wish, row, said) {
      const { application, interaction } = task;
      const { user } = interaction;
      const say = (message: { content: string; buttons?: { id: string; label: string }[] }) =>
        services.discord(application).interactions.edit(interaction.token, message);
      switch (wish) {
        case "show":
          await say(await shown(task, row, said));
          break;
        case "file":
          await say({ content: await sendFile(task, said) });
          break;
        case "forget":
          await forget(task);
          await say({ content: said.privacy.forgotten });
          break;
        case "unread":
          await optOuts.set(application, user.id, true);
          // Messages read before the opt-out are not shown to a model after it.
          for (const guild of await store.privacy.guilds(application, user.id)) {
            await memory.forget(guild, user.id, clock.now());
          }
          await say({ content: said.privacy.isUnread });
          break;
        case "read":
          await optOuts.set(application, user.id, false);
          await say({ content: said.privacy.isRead });
          break;
      }
      return { outcome: outcome("cleared", `privacy-${wish}`, clock.now() - task.receivedAtMs) };
    },
  };
}
