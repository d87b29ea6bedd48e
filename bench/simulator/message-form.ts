/**
 * The body of a message, as channels, interactions and webhooks accept it: limits, embeds, components, files.
 * https://discord.com/developers/docs/resources/message#create-message
 * https://discord.com/developers/docs/resources/message#embed-object-embed-limits
 * https://discord.com/developers/docs/components/reference
 */
import { ComponentType, MessageFlags } from "discord-api-types/v10";
import { apiError, type FieldError, formError } from "./api-error.ts";
import { FILE_BYTES_MAX } from "./attachments.ts";
import { readForm } from "./form.ts";
import type { Context } from "./route.ts";
import type { AllowedMentions } from "./world/mentions.ts";
import type { Id, Json } from "./world.ts";

const CONTENT_CHARS_MAX = 2000;

export type MessageBody = {
  readonly content: string | undefined;
  readonly embeds: Json[] | undefined;
  readonly components: Json[] | undefined;
  readonly attachments: Json[] | undefined;
  readonly allowedMentions: AllowedMentions | undefined;
  readonly flags: number | undefined;
  readonly tts: boolean;
  readonly nonce: string | number | undefined;
  readonly enforceNonce: boolean;
  readonly stickerIds: readonly Id[];
};

/** Where files come from and go to: a request, or an interaction answered in the endpoint's reply. */
export type MessageSource = Pick<Context, "services" | "files">;

/** Flags a bot may set itself. */
const FLAGS_SETTABLE =
  MessageFlags.SuppressEmbeds |
  MessageFlags.SuppressNotifications |
  MessageFlags.IsComponentsV2 |
  MessageFlags.Ephemeral |
  MessageFlags.IsVoiceMessage;

/** Reads and checks a message; `body` is given where it sits inside another one (an interaction's `data`). */
export function readMessage(from: MessageSource, channelId: Id, body: Json, path = ""): MessageBody {
  const errors: FieldError[] = [];
  const form = readForm(body, path, errors);
  const content = body.content === null ? "" : form.string("content", { max: CONTENT_CHARS_MAX });
  const nonce = readNonce(body.nonce, path, errors);
  const flags = form.integer("flags", { min: 0 });
  const embeds = form.list("embeds", { max: 10 }) as Json[] | undefined;
  checkEmbeds(embeds ?? [], path, errors);
  const components = form.list("components", { max: (flags ?? 0) & MessageFlags.IsComponentsV2 ? 40 : 5 }) as
    | Json[]
    | undefined;
  checkComponents(components ?? [], path, errors);
  const described = form.list("attachments", { max: 10 }) as Json[] | undefined;
  for (const [index, one] of (described ?? []).entries())
    readForm(one, `${path === "" ? "" : `${path}.`}attachments.${index}`, errors);
  const stickerIds = form.snowflakes("sticker_ids", { max: 3 }) ?? [];
  const allowedMentions = readAllowedMentions(body.allowed_mentions, path, errors);
  if (((flags ?? 0) & MessageFlags.IsComponentsV2) !== 0 && (content || embeds?.length)) {
    form.fail(
      "content",
      "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
      "The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
    );
  }
  if (errors.length > 0) throw formError(errors);
  return {
    content,
    embeds: embeds?.map(completeEmbed),
    components: components && numbered(components),
    attachments: readAttachments(from, channelId, described),
    allowedMentions,
    flags: flags === undefined ? undefined : flags & FLAGS_SETTABLE,
    tts: body.tts === true,
    nonce,
    enforceNonce: body.enforce_nonce === true,
    stickerIds,
  };
}

function isEmpty(message: MessageBody): boolean {
  return (
    !message.content?.trim() &&
    !message.embeds?.length &&
    !message.components?.length &&
    !message.attachments?.length &&
    message.stickerIds.length === 0
  );
}

/** Whether anything is in it that Discord refuses without text, embed, component, file or sticker. */
export function requireContent(message: MessageBody): void {
  if (isEmpty(message)) throw apiError(50006);
}

function readNonce(value: unknown, path: string, errors: FieldError[]): string | number | undefined {
  if (value === undefined || value === null) return undefined;
  const at = path === "" ? "nonce" : `${path}.nonce`;
  if (typeof value === "string" && value.length > 25) {
    errors.push({
      path: at,
      code: "NONCE_TYPE_TOO_LONG",
      message: "A nonce must be less than or equal to 25 characters long.",
    });
  }
  return typeof value === "number" ? value : String(value);
}

function readAllowedMentions(value: unknown, path: string, errors: FieldError[]): AllowedMentions | undefined {
  if (value === undefined || value === null) return undefined;
  const at = path === "" ? "allowed_mentions" : `${path}.allowed_mentions`;
  const form = readForm(value, at, errors);
  const parse = (form.list("parse") ?? []).map(String);
  const users = form.snowflakes("users", { max: 100 });
  const roles = form.snowflakes("roles", { max: 100 });
  parse.forEach((kind, index) => {
    if (!["users", "roles", "everyone"].includes(kind)) {
      form.fail(`parse.${index}`, "BASE_TYPE_CHOICES", "Value must be one of ('roles', 'users', 'everyone').");
    }
  });
  for (const [kind, ids] of [
    ["users", users],
    ["roles", roles],
  ] as const) {
    if (ids?.length && parse.includes(kind)) {
      form.fail(
        "",
        "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
        `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`,
      );
    }
  }
  return {
    parse,
    ...(users ? { users } : {}),
    ...(roles ? { roles } : {}),
    replied_user: form.boolean("replied_user") ?? false,
  };
}

function checkEmbeds(embeds: readonly Json[], path: string, errors: FieldError[]): void {
  let total = 0;
  embeds.forEach((embed, index) => {
    const at = `${path === "" ? "" : `${path}.`}embeds.${index}`;
    const form = readForm(embed, at, errors);
    total += chars(form.string("title", { max: 256 })) + chars(form.string("description", { max: 4096 }));
    form.integer("color", { min: 0, max: 16_777_215 });
    total += chars(readForm(form.object("footer") ?? {}, `${at}.footer`, errors).string("text", { max: 2048 }));
    total += chars(readForm(form.object("author") ?? {}, `${at}.author`, errors).string("name", { max: 256 }));
    (form.list("fields", { max: 25 }) ?? []).forEach((field, fieldIndex) => {
      const fieldForm = readForm(field, `${at}.fields.${fieldIndex}`, errors);
      total += chars(fieldForm.string("name", { min: 1, max: 256, required: true }));
      total += chars(fieldForm.string("value", { min: 1, max: 1024, required: true }));
    });
    const url = form.string("url", { max: 2048 });
    if (url !== undefined && !/^(https?|attachment|discord):\/\//.test(url)) {
      form.fail(
        "url",
        "URL_TYPE_INVALID_SCHEME",
        `Scheme "${url.split(":")[0]}" is not supported. Scheme must be one of ('http', 'https').`,
      );
    }
  });
  if (total > 6000) {
    errors.push({
      path: path === "" ? "embeds" : `${path}.embeds`,
      code: "MAX_EMBED_SIZE_EXCEEDED",
      message: "Embed size exceeds maximum size of 6000",
    });
  }
}

function checkComponents(components: readonly Json[], path: string, errors: FieldError[]): void {
  const customIds = new Set<string>();
  const walk = (given: unknown, at: string, depth: number): void => {
    const form = readForm(given, at, errors);
    const component = form.body;
    const type = form.integer("type", { required: true });
    if (depth === 0 && (type === ComponentType.Button || type === ComponentType.StringSelect)) {
      form.fail("type", "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (1, 9, 10, 12, 13, 14, 17).');
    }
    const customId = form.string("custom_id", { min: 1, max: 100 });
    if (customId !== undefined) {
      if (customIds.has(customId)) {
        form.fail("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated");
      }
      customIds.add(customId);
    }
    if (type === ComponentType.Button) {
      form.string("label", { max: 80 });
      const isLink = component.style === 5;
      if (isLink && component.url === undefined) form.fail("url", "BASE_TYPE_REQUIRED", "A url is required");
      if (!isLink && component.style !== 6 && customId === undefined) {
        form.fail("custom_id", "BASE_TYPE_REQUIRED", "A custom id is required");
      }
    }
    if (type === ComponentType.StringSelect) {
      (form.list("options", { min: 1, max: 25, required: true }) ?? []).forEach((option, index) => {
        const optionForm = readForm(option, `${at}.options.${index}`, errors);
        optionForm.string("label", { min: 1, max: 100, required: true });
        optionForm.string("value", { min: 1, max: 100, required: true });
      });
    }
    if (type === ComponentType.TextDisplay) form.string("content", { min: 1, max: 4000, required: true });
    const children = form.list("components") ?? [];
    const accessory = form.object("accessory");
    if (accessory) walk(accessory, `${at}.accessory`, depth + 1);
    if (type === ComponentType.ActionRow && (children.length < 1 || children.length > 5)) {
      form.fail("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.");
    }
    children.forEach((child, index) => {
      walk(child, `${at}.components.${index}`, depth + 1);
    });
  };
  for (const [index, component] of components.entries()) {
    walk(component, `${path === "" ? "" : `${path}.`}components.${index}`, 0);
  }
}

function readAttachments(from: MessageSource, channelId: Id, given: Json[] | undefined): Json[] | undefined {
  if (from.files.length === 0) return given;
  const described = given ?? [];
  return from.files.map((file) => {
    if (file.bytes.length > FILE_BYTES_MAX) throw apiError(40005);
    const about = described.find((attachment) => String(attachment.id) === String(file.index));
    const named = typeof about?.filename === "string" ? { ...file, name: about.filename } : file;
    const description = typeof about?.description === "string" ? about.description : undefined;
    return from.services.attachments.store(channelId, named, description);
  });
}

/** Discord fills in what an embed leaves out. */
function completeEmbed(embed: Json): Json {
  const fields = embed.fields as Json[] | undefined;
  return {
    type: "rich",
    ...embed,
    ...(fields ? { fields: fields.map((field) => ({ inline: false, ...field })) } : {}),
  };
}

/** Components without an `id` get one, in order over the whole message. */
function numbered(components: readonly Json[]): Json[] {
  let next = 0;
  const give = (component: Json): Json => {
    next += 1;
    const id = component.id ?? next;
    const children = component.components as Json[] | undefined;
    const accessory = component.accessory as Json | undefined;
    return {
      ...component,
      id,
      ...(children ? { components: children.map(give) } : {}),
      ...(accessory ? { accessory: give(accessory) } : {}),
    };
  };
  return components.map(give);
}

function chars(text: string | undefined): number {
  return text === undefined ? 0 : [...text].length;
}
