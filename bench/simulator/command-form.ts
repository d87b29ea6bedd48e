/**
 * What Discord accepts as an application command.
 * https://discord.com/developers/docs/interactions/application-commands#application-command-object
 */
import { Locale } from "discord-api-types/v10";
import type { FieldError } from "./api-error.ts";
import { readForm } from "./form.ts";
import { isObject } from "./openapi/compile.ts";
import type { Json } from "./world.ts";

const LOCALES = new Set<string>(Object.values(Locale));
const CHAT_NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
/** Names, descriptions and values of a command together. */
const CHARS_MAX = 8000;
const OPTION_TYPES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

export function checkCommand(given: unknown, path: string, errors: FieldError[], partial = false): void {
  const form = readForm(given, path, errors);
  const { body } = form;
  const type = form.oneOf("type", [1, 2, 3, 4]) ?? 1;
  const isChat = type === 1;
  const name = form.string("name", { min: 1, max: 32, required: !partial });
  if (name !== undefined && isChat) checkName(name, "name");
  const description = form.string("description", isChat ? { min: 1, max: 100, required: !partial } : {});
  if (!isChat && description)
    form.fail(
      "description",
      "APPLICATION_COMMANDS_CONTEXT_MENU_DESCRIPTION",
      "Context menu commands cannot have description",
    );
  checkLocalizations("name_localizations", 32, isChat);
  checkLocalizations("description_localizations", 100, false);
  const permissions = body.default_member_permissions;
  if (permissions !== undefined && permissions !== null && !/^\d+$/.test(String(permissions))) {
    form.fail("default_member_permissions", "NUMBER_TYPE_COERCE", `Value "${String(permissions)}" is not int.`);
  }
  checkOptions(body, path, errors);
  if (charsOf(body) > CHARS_MAX) {
    form.fail("", "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)");
  }

  function checkName(value: string, field: string): void {
    if (CHAT_NAME.test(value) && value === value.toLowerCase()) return;
    form.fail(field, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
  }

  function checkLocalizations(field: string, max: number, asName: boolean): void {
    const map = form.object(field);
    if (!map) return;
    for (const [locale, text] of Object.entries(map)) {
      if (!LOCALES.has(locale))
        form.fail(`${field}.${locale}`, "ENUM_TYPE_COERCE", `Value "${locale}" is not a valid enum value.`);
      else if (text !== null && ([...String(text)].length < 1 || [...String(text)].length > max)) {
        form.fail(`${field}.${locale}`, "BASE_TYPE_BAD_LENGTH", `Must be between 1 and ${max} in length.`);
      } else if (asName && text !== null) checkName(String(text), `${field}.${locale}`);
    }
  }
}

function checkOptions(body: Json, path: string, errors: FieldError[]): void {
  const form = readForm(body, path, errors);
  const options = form.list("options", { max: 25 }) as Json[] | undefined;
  let optionalSeen = false;
  const names = new Set<string>();
  for (const [index, option] of (options ?? []).entries()) {
    const at = `${path === "" ? "" : `${path}.`}options.${index}`;
    const optionForm = readForm(option, at, errors);
    const { required } = optionForm.body;
    const type = optionForm.oneOf("type", OPTION_TYPES);
    if (type === undefined) optionForm.fail("type", "BASE_TYPE_REQUIRED", "This field is required");
    const name = optionForm.string("name", { min: 1, max: 32, required: true });
    optionForm.string("description", { min: 1, max: 100, required: true });
    if (name !== undefined) {
      if (!CHAT_NAME.test(name) || name !== name.toLowerCase()) {
        optionForm.fail("name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
      }
      if (names.has(name))
        form.fail("options", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists");
      names.add(name);
    }
    if (required === true && optionalSeen) {
      optionForm.fail(
        "",
        "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        "Required options must be placed before non-required options",
      );
    }
    if (required !== true) optionalSeen = true;
    for (const [choiceIndex, choice] of ((optionForm.list("choices", { max: 25 }) ?? []) as Json[]).entries()) {
      const choiceForm = readForm(choice, `${at}.choices.${choiceIndex}`, errors);
      choiceForm.string("name", { min: 1, max: 100, required: true });
      if (choiceForm.body.value === undefined) choiceForm.fail("value", "BASE_TYPE_REQUIRED", "This field is required");
    }
    checkOptions(optionForm.body, at, errors);
  }
}

function charsOf(body: unknown): number {
  if (!isObject(body)) return 0;
  const all = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
  const own = [body.name, body.description].reduce<number>((sum, text) => sum + [...String(text ?? "")].length, 0);
  const choices = all(body.choices)
    .filter(isObject)
    .reduce((sum, choice) => sum + String(choice.name).length + String(choice.value).length, 0);
  return own + choices + all(body.options).reduce<number>((sum, option) => sum + charsOf(option), 0);
}
