/**
 * The commands as Discord is told of them, once per application and whenever this file says something new.
 * Source: https://discord.com/developers/docs/interactions/application-commands
 */
import { createHash } from "node:crypto";

export const ASK = "ask";
export const FORGET = "forget";
export const PRIVACY = "privacy";
export const ASK_ABOUT = "Ask AI about this";
export const REPORT = "Report to moderators";

const CHAT_INPUT = 1;
const MESSAGE = 3;
const STRING = 3;
const BOOLEAN = 5;
/** In a server and in the bot's own direct messages, installed to a server. */
const EVERYWHERE = { contexts: [0, 1], integration_types: [0] };

export const commands: readonly unknown[] = [
  {
    type: CHAT_INPUT,
    name: ASK,
    name_localizations: { tr: "sor" },
    description: "Ask a question and get an answer from this server's knowledge base",
    description_localizations: { tr: "Bir soru sor, bu sunucunun bilgi tabanından yanıt al" },
    options: [
      {
        type: STRING,
        name: "question",
        name_localizations: { tr: "soru" },
        description: "What you would like to know",
        description_localizations: { tr: "Öğrenmek istediğin şey" },
        required: true,
        min_length: 1,
        max_length: 2_000,
      },
      {
        type: BOOLEAN,
        name: "private",
        name_localizations: { tr: "gizli" },
        description: "Show the answer only to you",
        description_localizations: { tr: "Yanıtı yalnızca sana göster" },
        required: false,
      },
    ],
    ...EVERYWHERE,
  },
  {
    type: MESSAGE,
    name: ASK_ABOUT,
    name_localizations: { tr: "Bunu yapay zekâya sor" },
    ...EVERYWHERE,
  },
  {
    type: MESSAGE,
    name: REPORT,
    name_localizations: { tr: "Moderatörlere bildir" },
    contexts: [0],
    integration_types: [0],
  },
  {
    type: CHAT_INPUT,
    name: FORGET,
    name_localizations: { tr: "unut" },
    description: "Make me forget what we talked about",
    description_localizations: { tr: "Konuştuklarımızı unut" },
    ...EVERYWHERE,
  },
  {
    type: CHAT_INPUT,
    name: PRIVACY,
    name_localizations: { tr: "gizlilik" },
    description: "See what I keep about you, have it sent to you, or ask me not to read you",
    description_localizations: { tr: "Hakkında ne sakladığımı gör, dosya olarak iste ya da seni okumamamı söyle" },
    ...EVERYWHERE,
  },
];

/** Changes when the commands do. */
export function commandsHash(): string {
  return createHash("sha256").update(JSON.stringify(commands)).digest("hex");
}
