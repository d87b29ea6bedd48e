/** A deployment's needs, which of them are met, and the addresses to paste at Discord. */
import { addedApplication } from "../../src/config.ts";
import type { Services } from "../../src/services.ts";

export const STEPS = [
  "application",
  "token",
  "key",
  "invite",
  "fill",
  "ask",
  "endpoint",
  "login",
  "model",
  "redis",
] as const;
export type Step = (typeof STEPS)[number];

type StepState = "done" | "open" | "optional";

export type SetupFacts = {
  readonly states: Readonly<Record<Step, StepState>>;
  readonly botName: string | null;
  /** Discord's reason for refusing the slash commands. */
  readonly commandsRefused: string | null;
  /** The first server that the bot is in: where the next steps lead. */
  readonly guild: string | null;
  /** A bot can be added: it is known which. */
  readonly addable: boolean;
  readonly endpointUrl: string;
  readonly returnUrl: string;
  /** Discord reaches only what is public and https. */
  readonly reachable: boolean;
};

export async function readSetup({ config, store, llm, knowledge }: Services, publicUrl: string): Promise<SetupFacts> {
  const { applicationId, token, publicKey, clientSecret } = config.discord;
  const bots = await store.bots.list();
  const guilds = await store.guilds.find({}, 1);
  const shared = bots.find((bot) => bot.shared) ?? null;
  const application = applicationId ?? shared?.application ?? null;
  const guild = guilds.items.find((one) => one.guild.leftAtMs === null)?.guild.guild ?? null;
  const [filled, asked] =
    guild === null
      ? [false, false]
      : await Promise.all([
          knowledge.empty(guild).then((empty) => !empty),
          store.conversations.list(guild, {}, 1).then(({ items }) => items.length > 0),
        ]);
  const done = (is: boolean, otherwise: StepState = "open"): StepState => (is ? "done" : otherwise);
  return {
    states: {
      application: done(application !== null),
      token: done(token !== null && (shared?.commandsRefused ?? null) === null),
      key: done(publicKey !== null || shared !== null),
      // Those it has left come last.
      invite: done(guild !== null),
      fill: done(filled),
      ask: done(asked),
      endpoint: "optional",
      login: done(clientSecret !== null, "optional"),
      model: done(llm !== null, "optional"),
      redis: done(config.redisUrl !== null, "optional"),
    },
    botName: shared?.name ?? null,
    commandsRefused: shared?.commandsRefused ?? null,
    guild,
    addable: addedApplication(config) !== null,
    endpointUrl: `${publicUrl}/discord/webhook`,
    returnUrl: `${publicUrl}/sign-in/discord/return`,
    reachable: publicUrl.startsWith("https:"),
  };
}
