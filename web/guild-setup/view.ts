/** The setup page: the steps in order, each a card with its own forms, whose fields are saved by themselves. */

import { words } from "../../src/i18n.ts";
import type { ChannelId } from "../../src/ids.ts";
import { inviteUrl } from "../../src/oauth.ts";
import { neededBits, type Permission } from "../../src/permissions.ts";
import { INSTRUCTIONS_CHARS_MAX, LANGUAGES, RESPONSE_MODES } from "../../src/settings/form.ts";
import { attributes, type Html, html, type Part } from "../html.ts";
import { heading } from "../parts/blocks.ts";
import { formVersion } from "../parts/form-version.ts";
import { settingWords } from "../parts/setting-words.ts";
import { count } from "../parts/times.ts";
import { typedFields } from "../parts/typed.ts";
import { commonWords } from "../parts/words.ts";
import { icon } from "../shell/icons.ts";
import { page } from "../shell/layout.ts";
import type { GuildVisit } from "../visit.ts";
import { examplesOf } from "./examples-view.ts";
import { type DiscordSeen, type FieldSaid, type GuildSetupFacts, type SetupStep, STEP_NAMES } from "./facts.ts";
import { type SetupField, stateOf } from "./fields.ts";
import { saidLine, saidOf, setupPath, stepFrame } from "./said-view.ts";
import { knowledgeStep, readingPart, teamStep, testStep } from "./steps-view.ts";
import { guildSetupWords } from "./words.ts";

export function guildSetupPage(visit: GuildVisit, facts: GuildSetupFacts): Html {
  const say = guildSetupWords[visit.language];
  const path = setupPath(visit);
  return page(visit, {
    title: say.title,
    section: "guild-setup",
    body: html`
      ${heading(say.title, say.lead)}
      <ol class="stepper setup">${STEP_NAMES.map((step) => stepPart(visit, facts, step))}</ol>
      <p class="calm">${icon("check")}<span>${say.finished} <a href="/guilds/${visit.guild.guild}">${say.overview}</a></span></p>
      ${facts.seen === null && html`<div hx-get="${path}/discord" hx-trigger="load" hx-target="this" hx-swap="none"></div>`}
      <div class="contents" hx-sse:connect="${path}/live" hx-target="#reading" hx-swap="outerMorph">${readingPart(visit, facts.sources)}</div>
    `,
  });
}

export function stepPart(visit: GuildVisit, facts: GuildSetupFacts, step: SetupStep): Html {
  return STEP_VIEWS[step](visit, facts);
}

const STEP_VIEWS: Readonly<Record<SetupStep, (visit: GuildVisit, facts: GuildSetupFacts) => Html>> = {
  added: addedStep,
  mode: modeStep,
  channels: channelsStep,
  voice: voiceStep,
  knowledge: knowledgeStep,
  moderation: moderationStep,
  team: teamStep,
  test: testStep,
};

/** A step after one of its fields was put back; what is then needed of Discord goes with moderation's. */
export function undoneStep(visit: GuildVisit, facts: GuildSetupFacts, step: SetupStep): Html {
  const missing = step === "moderation" ? facts.seen?.missing : undefined;
  return html`${stepPart(visit, facts, step)}${missing !== undefined && accessPartial(visit, missing)}`;
}

/** What htmx puts beside a field that was sent; after moderation's, the permissions that are then needed. */
export function fieldPart(
  visit: GuildVisit,
  name: SetupField,
  said: FieldSaid,
  missing?: readonly Permission[] | null,
): Html {
  return html`${beside(visit, name, said)}${missing !== undefined && accessPartial(visit, missing)}`;
}

/** What Discord says, put where it belongs. */
export function seenPart(visit: GuildVisit, seen: DiscordSeen): Html {
  return html`${accessPartial(visit, seen.missing)}${RESPONSE_MODES.map(
    (mode) =>
      html`<hx-partial hx-target="#example-${mode}" hx-swap="innerHTML">${example(visit, mode, seen)}</hx-partial>`,
  )}<hx-partial hx-target="#no-examples" hx-swap="innerHTML">${noExamples(visit, seen)}</hx-partial>`;
}

function accessPartial(visit: GuildVisit, missing: DiscordSeen["missing"]): Html {
  return html`<hx-partial hx-target="#access" hx-swap="innerHTML">${access(visit, missing)}</hx-partial>`;
}

function addedStep(visit: GuildVisit, facts: GuildSetupFacts): Html {
  const say = guildSetupWords[visit.language].added;
  const { guild } = visit;
  if (guild.leftAtMs !== null) {
    const again = html`<p class="actions">${grantLink(visit, say.add)}</p>`;
    return stepFrame(visit, "added", false, say.left(guild.name), say.leftWhat, again);
  }
  return stepFrame(
    visit,
    "added",
    true,
    say.title(guild.name),
    say.what,
    html`<div id="access" role="status">${facts.seen === null ? lookLink(visit) : access(visit, facts.seen.missing)}</div>`,
  );
}

function access(visit: GuildVisit, missing: DiscordSeen["missing"]): Html {
  const say = guildSetupWords[visit.language].added;
  if (missing === null) return html`<p class="quiet">${say.unknown}</p>`;
  if (missing.length === 0) return html`<p class="calm">${icon("check")}<span>${say.allThere}</span></p>`;
  const { permission } = words(visit.language).doctor;
  const names = missing.map((name) => permission[name]).join(", ");
  return html`<p class="notice notice-warn">${icon("alert")}<span class="grow">${say.missing(names)}</span> ${grantLink(visit, say.grant)}</p>`;
}

/** By our own way to Discord and back, where there is one for this bot. */
function grantLink(visit: GuildVisit, label: string): Html {
  const { guild, services } = visit;
  const { apiBase, applicationId, clientSecret } = services.config.discord;
  const ours = clientSecret !== null && applicationId === guild.application;
  return ours
    ? html`<a class="button button-small" href="/sign-in/discord/add?guild=${guild.guild}">${icon("plus")}${label}</a>`
    : html`<a class="button button-small" href="${inviteUrl(apiBase, guild.application, neededBits(guild.settings), guild.guild)}" rel="noopener noreferrer" target="_blank">${icon("plus")}${label}</a>`;
}

/** Without JavaScript nobody asks Discord after the page. */
function lookLink(visit: GuildVisit): Html {
  const say = guildSetupWords[visit.language].added;
  return html`<noscript><a href="${setupPath(visit)}?look=1">${say.look}</a></noscript>`;
}

function modeStep(visit: GuildVisit, facts: GuildSetupFacts): Html {
  const say = guildSetupWords[visit.language].mode;
  const { modes } = commonWords[visit.language];
  const chosen = typedFields(facts.typed).text("mode", visit.guild.settings.mode);
  const choices = RESPONSE_MODES.map(
    (mode) => html`<label class="choice">
      <input type="radio" name="mode" value="${mode}"${attributes({ checked: chosen === mode })} />
      <strong>${modes[mode].name}</strong><span>${modes[mode].what}</span>
      <span class="example" id="example-${mode}">${facts.seen !== null && example(visit, mode, facts.seen)}</span>
    </label>`,
  );
  const body = html`<fieldset class="choices choices-wide"><legend class="visually-hidden">${say.title}</legend>${choices}</fieldset>
    <div id="no-examples">${facts.seen === null ? lookLink(visit) : noExamples(visit, facts.seen)}</div>`;
  return stepFrame(visit, "mode", null, say.title, say.what, fieldForm(visit, facts, "mode", body));
}

function example(visit: GuildVisit, mode: (typeof RESPONSE_MODES)[number], { examples, nameOf }: DiscordSeen): Part {
  return examples !== null && examplesOf(visit, mode, examples, nameOf);
}

function noExamples(visit: GuildVisit, { examples }: DiscordSeen): Part {
  if (examples !== null && Object.values(examples).some((one) => one !== null)) return null;
  return html`<p class="quiet">${guildSetupWords[visit.language].mode.none}</p>`;
}

function channelsStep(visit: GuildVisit, facts: GuildSetupFacts): Html {
  const say = guildSetupWords[visit.language].channels;
  const { channels } = visit.guild.settings;
  const boxes = facts.channels.map(
    ({
      id,
      name,
    }) => html`<label class="check"><input type="checkbox" name="channel" value="${id}"${attributes({ checked: channels[id as ChannelId]?.mode !== "off" })} /> <span dir="auto">#${name}</span></label>
      <input type="hidden" name="shown" value="${id}" />`,
  );
  const body =
    boxes.length === 0
      ? html`<p class="quiet">${say.none}</p>`
      : fieldForm(
          visit,
          facts,
          "channels",
          html`<fieldset class="plain-set"><legend class="visually-hidden">${say.title}</legend><div class="picks">${boxes}</div></fieldset>`,
        );
  return stepFrame(
    visit,
    "channels",
    null,
    say.title,
    say.what,
    html`${body}<p class="quiet"><a href="/guilds/${visit.guild.guild}/settings">${say.finer}</a></p>`,
  );
}

function voiceStep(visit: GuildVisit, facts: GuildSetupFacts): Html {
  const say = guildSetupWords[visit.language].voice;
  const { settings } = visit.guild;
  const { text } = typedFields(facts.typed);
  const language = html`<label class="label">${say.language}
    <select name="language">${LANGUAGES.map((one) => html`<option value="${one}"${attributes({ selected: text("language", settings.language) === one })}>${settingWords[visit.language].languages[one]}</option>`)}</select>
    <small>${say.languageWhat}</small></label>`;
  const instructions = html`<label class="label">${say.instructions}
    <textarea name="instructions" rows="4" maxlength="${INSTRUCTIONS_CHARS_MAX}" placeholder="${say.example}">${text("instructions", settings.instructions)}</textarea>
    <small>${say.instructionsWhat}</small></label>`;
  return stepFrame(
    visit,
    "voice",
    null,
    say.title,
    null,
    html`${fieldForm(visit, facts, "language", language)}${fieldForm(visit, facts, "instructions", instructions)}`,
  );
}

function moderationStep(visit: GuildVisit, facts: GuildSetupFacts): Html {
  const say = guildSetupWords[visit.language].moderation;
  const { moderation } = visit.guild.settings;
  const base = `/guilds/${visit.guild.guild}/moderation`;
  const on = facts.typed?.has("was") && facts.said?.at === "moderation" ? facts.typed.has("moderation") : moderation.on;
  const body = html`<label class="switch"><strong>${say.switch}</strong>${moderation.live && html`<small>${say.live}</small>`}
    <input type="checkbox" role="switch" name="moderation"${attributes({ checked: on })} /></label>`;
  return stepFrame(
    visit,
    "moderation",
    moderation.on,
    say.title,
    say.what,
    html`${fieldForm(visit, facts, "moderation", body)}
    <p class="quiet">${moderation.rules.length > 0 && say.rules(count(moderation.rules.length, visit.language))} <a href="${base}/rules">${say.edit}</a> · <a href="${base}">${say.log}</a></p>`,
  );
}

/** Sent as soon as something in it changes; what is typed, also when the typing rests. */
function fieldForm(visit: GuildVisit, facts: GuildSetupFacts, name: SetupField, fields: Html): Html {
  const path = `${setupPath(visit)}/fields/${name}`;
  const when = name === "instructions" ? "change, submit, input delay:2s" : "change, submit";
  return html`<form class="stack" method="post" action="${path}"${attributes({
    ...{ "hx-post": path, "hx-trigger": when, "hx-target": `#said-${name}`, "hx-swap": "innerHTML" },
    "hx-sync": "this:queue last",
  })}>
    ${fields}
    <div class="said-bar"><button class="button button-quiet button-small no-script" type="submit">${guildSetupWords[visit.language].save}</button>
      <div class="said-bar" id="said-${name}" role="status">${beside(visit, name, saidOf(facts, name))}</div></div></form>`;
}

/** What is said of a field, and the state that its form is of now. */
function beside(visit: GuildVisit, name: SetupField, said: FieldSaid | null): Html {
  const step = name === "language" || name === "instructions" ? "voice" : name;
  return html`<input type="hidden" name="was" value="${formVersion(stateOf(name, visit.guild.settings))}" />${saidLine(visit, said, `${setupPath(visit)}/fields/${name}/undo`, step)}`;
}
