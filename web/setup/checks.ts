/** What a deployment needs, what of it is there, and the addresses that are to be pasted at Discord. */
import { inviteUrl } from "../../src/oauth.ts";
import type { Services } from "../../src/services.ts";

export const STEPS = ["application", "token", "key", "invite", "endpoint", "login", "model", "redis"] as const;
export type Step = (typeof STEPS)[number];

type StepState = "done" | "open" | "optional";

export type SetupFacts = {
  readonly states: Readonly<Record<Step, StepState>>;
  readonly botName: string | null;
  readonly inviteUrl: string | null;
  readonly inviteWithModerationUrl: string | null;
  readonly endpointUrl: string;
  readonly returnUrl: string;
  /** Discord reaches only what is public and https. */
  readonly reachable: boolean;
};

export async function readSetup({ config, store, llm }: Services, publicUrl: string): Promise<SetupFacts> {
  const { apiBase, applicationId, token, publicKey, clientSecret } = config.discord;
  const bots = await store.bots.list();
  const guilds = await store.guilds.find({}, 1);
  const shared = bots.find((bot) => bot.shared) ?? null;
  const application = applicationId ?? shared?.application ?? null;
  const done = (is: boolean, otherwise: StepState = "open"): StepState => (is ? "done" : otherwise);
  return {
    states: {
      application: done(application !== null),
      token: done(token !== null),
      key: done(publicKey !== null || shared !== null),
      // Those it has left come last.
      invite: done(guilds.items.some(({ guild }) => guild.leftAtMs === null)),
      endpoint: "optional",
      login: done(clientSecret !== null, "optional"),
      model: done(llm !== null, "optional"),
      redis: done(config.redisUrl !== null, "optional"),
    },
    botName: shared?.name ?? null,
    inviteUrl: application === null ? null : inviteUrl(apiBase, application, "answering"),
    inviteWithModerationUrl: application === null ? null : inviteUrl(apiBase, application, "moderating"),
    endpointUrl: `${publicUrl}/discord/webhook`,
    returnUrl: `${publicUrl}/sign-in/discord/return`,
    reachable: publicUrl.startsWith("https:"),
  };
}
