/** Responses to interactions over Discord's HTTP API: by the tokens that they bring. */
import type { RawFile } from "@discordjs/rest";
import { MessageFlags, type RESTPutAPIApplicationCommandsJSONBody } from "discord-api-types/v10";
import type { Interactions } from "../discord.ts";
import type { MessageId } from "../ids.ts";
import { fieldsOf } from "../payload.ts";
import { type Body, bodyOf, callbackOf, editOf } from "./bodies.ts";
import { call, type RestDeps } from "./call.ts";

const ALREADY_ACKNOWLEDGED = 40_060;

export function restInteractions(deps: RestDeps): Interactions {
  const { api, application, interactionApi, interactionRest } = deps;
  return {
    async respond(id, token, response) {
      await call(deps, "respond", "interaction", "repeatable", async (signal) => {
        try {
          await interactionRest.post(`/interactions/${id}/${token}/callback`, {
            body: callbackOf(response),
            auth: false,
            signal,
          });
        } catch (error) {
          // A first try arrived after all, or a process that was killed responded: who works on it is told by its claim.
          if (fieldsOf(error)?.code === ALREADY_ACKNOWLEDGED) return;
          throw error;
        }
      });
    },
    async edit(token, message) {
      const path = `/webhooks/${application}/${token}/messages/@original` as const;
      const edited = await call(deps, "edit-response", "interaction", "repeatable", async (signal) =>
        fieldsOf(await interactionRest.patch(path, { ...withFiles(editOf(message)), auth: false, signal })),
      );
      return String(edited?.id) as MessageId;
    },
    async follow(token, message, ephemeral) {
      const { message_reference: _, ...body } = bodyOf(message);
      const flags = (body.flags ?? 0) | (ephemeral ? MessageFlags.Ephemeral : 0);
      const sent = await call(deps, "follow-up", "interaction", "once", (signal) =>
        interactionApi.interactions.followUp(application, token, { ...body, flags }, { signal }),
      );
      return fieldsOf(sent)?.id as MessageId;
    },
    async register(commands) {
      await call(deps, "register", application, "repeatable", (signal) =>
        api.applicationCommands.bulkOverwriteGlobalCommands(
          application,
          commands as RESTPutAPIApplicationCommandsJSONBody,
          { signal },
        ),
      );
    },
  };
}

function withFiles({ files, ...body }: Body): { body: unknown; files?: RawFile[] } {
  return files === undefined ? { body } : { body, files };
}
