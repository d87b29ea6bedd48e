/** Request bodies for Discord's HTTP API. Each has `allowed_mentions`: without it, Discord pings everybody named. */
import type { RawFile } from "@discordjs/rest";
import type {
  APIButtonComponent,
  ButtonStyle as ButtonStyles,
  ComponentType as ComponentTypes,
  MessageFlags as Flags,
  RESTPostAPIChannelMessageJSONBody,
  TextInputStyle as TextInputStyles,
} from "discord-api-types/v10";
import type { InteractionResponse, Outgoing } from "../discord.ts";

const BUTTONS_PER_ROW = 5;

/** Discord's numbers, by its own names. Their library as a whole would cost every worker two megabytes for these eight. */
const MessageFlags = { SuppressEmbeds: 4, Ephemeral: 64 } as const satisfies Numbers<typeof Flags>;
const ComponentType = { ActionRow: 1, Button: 2, TextInput: 4 } as const satisfies Numbers<typeof ComponentTypes>;
const ButtonStyle = { Secondary: 2, Link: 5 } as const satisfies Numbers<typeof ButtonStyles>;
const TextInputStyle = { Paragraph: 2 } as const satisfies Numbers<typeof TextInputStyles>;

/** Some of an enum's members with the values that they have there. */
type Numbers<Enum> = { readonly [Name in keyof Enum]?: Enum[Name] };

export type Body = Pick<
  RESTPostAPIChannelMessageJSONBody,
  "content" | "allowed_mentions" | "components" | "flags" | "message_reference"
> & { files?: RawFile[] };

export function bodyOf(message: Outgoing): Body {
  const flags = message.suppressEmbeds ? MessageFlags.SuppressEmbeds : undefined;
  return {
    content: message.content,
    allowed_mentions: {
      parse: [],
      ...(message.mention === undefined ? {} : { users: [message.mention] }),
      replied_user: message.replyTo !== undefined && (message.pingReplied ?? true),
    },
    ...(message.replyTo === undefined
      ? {}
      : { message_reference: { message_id: message.replyTo, fail_if_not_exists: false } }),
    ...(flags === undefined ? {} : { flags }),
    ...(message.buttons === undefined || message.buttons.length === 0 ? {} : { components: rowsOf(message.buttons) }),
    ...(message.file === undefined
      ? {}
      : { files: [{ name: message.file.name, data: Buffer.from(message.file.bytes) }] }),
  };
}

/** An edit says all it wants to keep: buttons that are not named go. */
export function editOf(message: Outgoing): Body {
  const { message_reference: _, ...body } = bodyOf(message);
  return { components: [], ...body, allowed_mentions: { parse: [] } };
}

/** An interaction's first response, as the gateway's callback and an endpoint's HTTP reply alike take it. */
export function callbackOf(response: InteractionResponse): unknown {
  switch (response.type) {
    case "pong":
      return { type: 1 };
    case "defer":
      return { type: 5, data: response.ephemeral ? { flags: MessageFlags.Ephemeral } : {} };
    case "message": {
      const { message_reference: _, files: __, ...body } = bodyOf(response.message);
      const flags = (body.flags ?? 0) | (response.ephemeral ? MessageFlags.Ephemeral : 0);
      return { type: 4, data: { ...body, flags } };
    }
    case "form": {
      const { id, title, label, charsMax } = response;
      const input = { type: ComponentType.TextInput, custom_id: "text", style: TextInputStyle.Paragraph, label };
      const field = { ...input, min_length: 1, max_length: charsMax, required: true };
      const row = { type: ComponentType.ActionRow, components: [field] };
      return { type: 9, data: { custom_id: id, title: title.slice(0, 45), components: [row] } };
    }
    case "defer-update":
      return { type: 6 };
    case "update": {
      const { files: _, ...body } = editOf(response.message);
      return { type: 7, data: body };
    }
  }
}

function rowsOf(buttons: NonNullable<Outgoing["buttons"]>): NonNullable<Body["components"]> {
  const rows = [];
  for (let at = 0; at < buttons.length; at += BUTTONS_PER_ROW) {
    const components = buttons.slice(at, at + BUTTONS_PER_ROW).map(buttonOf);
    rows.push({ type: ComponentType.ActionRow, components });
  }
  return rows;
}

function buttonOf(button: NonNullable<Outgoing["buttons"]>[number]): APIButtonComponent {
  const face = {
    type: ComponentType.Button,
    ...(button.label === undefined ? {} : { label: button.label.slice(0, 80) }),
    ...(button.emoji === undefined ? {} : { emoji: { name: button.emoji } }),
  };
  return button.url === undefined
    ? { ...face, style: ButtonStyle.Secondary, custom_id: button.id }
    : { ...face, style: ButtonStyle.Link, url: button.url };
}
