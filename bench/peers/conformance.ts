/**
 * discord.js, unchanged, against the simulated Discord: what works here works because the protocol is right, not because
 * client and server were written by the same hand.
 *
 *   cd bench/peers && bun install && bun conformance.ts [--verbose]
 *
 * Prints one line per check and ends with "N passed, N failed"; exit code 1 if any failed.
 */
import {
  ActionRowBuilder,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  AuditLogEvent,
  ButtonBuilder,
  ButtonStyle,
  ChannelType,
  Client,
  DiscordAPIError,
  Events,
  type ForumChannel,
  GatewayIntentBits,
  type Guild,
  type Interaction,
  type Message,
  MessageFlags,
  ModalBuilder,
  Partials,
  PermissionFlagsBits,
  REST,
  type TextChannel,
  TextInputBuilder,
  TextInputStyle,
  version,
} from "discord.js";
import { startSimulator } from "../simulator/simulator.ts";
import { permissionsIn } from "../simulator/world/visibility.ts";

/** Long enough for a full bucket to refill twice. */
const DEADLINE_MS = 15_000;

const simulator = startSimulator({ identify: { windowMs: 0 }, gateway: { heartbeatMs: 2000 } });
const made = simulator.actions.createGuild({
  name: "Conformance",
  permissions:
    Object.values(PermissionFlagsBits).reduce((all, bit) => all | bit, 0n) & ~PermissionFlagsBits.Administrator,
});
const botRole = [...made.guild.roles.values()].find((role) => role.botId);
if (botRole) botRole.position = 50;
const ada = simulator.actions.addMember(made.guild.id, { username: "ada", displayName: "Ada" });
const bob = simulator.actions.addMember(made.guild.id, { username: "bob" });
const forumId = simulator.actions.createChannel(made.guild.id, {
  name: "ideas",
  type: ChannelType.GuildForum,
  availableTags: [{ name: "bug" }],
}).id;

const client = new Client({
  intents: Object.values(GatewayIntentBits).filter((bit): bit is GatewayIntentBits => typeof bit === "number"),
  partials: [Partials.Channel],
  rest: { api: simulator.api, version: "10" },
  allowedMentions: { parse: [], repliedUser: true },
});
const problems: string[] = [];
client.on(Events.Error, (error) => problems.push(String(error)));
client.on(Events.Warn, (warning) => problems.push(warning));

let passed = 0;
let failed = 0;

async function check(name: string, run: () => Promise<unknown>): Promise<void> {
  const startedMs = performance.now();
  try {
    await withDeadline(run());
    passed += 1;
    process.stdout.write(`pass  ${name} (${Math.round(performance.now() - startedMs)} ms)\n`);
  } catch (error) {
    failed += 1;
    process.stdout.write(`FAIL  ${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
}

function withDeadline<T>(promise: Promise<T>): Promise<T> {
  return Promise.race([
    promise,
    new Promise<never>((_, reject) =>
      setTimeout(() => reject(new Error(`nothing after ${DEADLINE_MS} ms`)), DEADLINE_MS).unref(),
    ),
  ]);
}

/** The next event of that name that fits. */
function next<T>(event: string, fits: (value: T) => boolean = () => true): Promise<T> {
  return new Promise((resolve) => {
    const listen = (value: T) => {
      if (!fits(value)) return;
      client.off(event, listen as never);
      resolve(value);
    };
    client.on(event, listen as never);
  });
}

function equal(actual: unknown, expected: unknown, what = "value"): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) {
    throw new Error(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
  }
}

async function refused(promise: Promise<unknown>, code: number): Promise<void> {
  const error = await promise.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof DiscordAPIError)) throw new Error(`not refused: ${String(error)}`);
  equal(error.code, code, "error code");
}

const say = (content: string, channelId = made.channel.id, userId = ada.userId) =>
  simulator.actions.say({ channelId, userId, content });

let guild: Guild;
let channel: TextChannel;

process.stdout.write(`discord.js ${version} against the simulator\n`);

await check("login, ready, guilds with channels, roles and members", async () => {
  const ready = next(Events.ClientReady);
  await client.login(simulator.bots[0]?.token);
  await ready;
  guild = client.guilds.cache.get(made.guild.id) as Guild;
  equal(guild.name, "Conformance");
  equal(guild.available, true, "available");
  equal(guild.memberCount, 4, "member count");
  channel = guild.channels.cache.get(made.channel.id) as TextChannel;
  equal(channel.name, "general");
  equal(client.user?.bot, true, "bot");
  equal(client.application?.id, simulator.bots[0]?.applicationId, "application");
});

await check("permissions are computed as the client computes them", async () => {
  const known = next(Events.GuildRoleCreate);
  const role = simulator.actions.createRole(guild.id, { name: "Muted", permissions: 0n });
  await known;
  simulator.actions.member(guild.id, bob.userId).roles = [role.id];
  const world = simulator.world.channels.get(channel.id);
  if (!world) throw new Error("no channel");
  const waits = next(Events.ChannelUpdate);
  await channel.permissionOverwrites.set([
    { id: role.id, deny: ["SendMessages", "AddReactions"] },
    { id: bob.userId, allow: ["AddReactions"] },
    { id: guild.id, deny: ["AttachFiles"] },
    { id: client.user?.id ?? "", allow: ["AttachFiles"] },
  ]);
  await waits;
  for (const userId of [ada.userId, bob.userId, made.guild.ownerId, client.user?.id ?? ""]) {
    const member = await guild.members.fetch({ user: userId, force: true });
    // discord.js does not compute the implicit denies; here nobody lacks Send without lacking what hangs on it, but bob.
    const ours = permissionsIn(simulator.world, world, userId);
    const theirs = channel.permissionsFor(member).bitfield;
    const implicit =
      userId === bob.userId
        ? PermissionFlagsBits.EmbedLinks |
          PermissionFlagsBits.AttachFiles |
          PermissionFlagsBits.MentionEveryone |
          PermissionFlagsBits.SendTTSMessages
        : 0n;
    equal((theirs & ~implicit).toString(), (ours & ~implicit).toString(), `permissions of ${member.user.username}`);
  }
  await channel.permissionOverwrites.set([]);
});

await check("a member's message arrives, with author, member and mentions", async () => {
  const waits = next<Message>(Events.MessageCreate);
  say("{bot} hello");
  const message = await waits;
  equal(message.content, `<@${client.user?.id}> hello`);
  equal(message.member?.displayName, "Ada", "display name");
  equal(message.mentions.has(client.user ?? ""), true, "mentioned");
});

await check("reply, edit, react, fetch, delete", async () => {
  const waits = next<Message>(Events.MessageCreate, (m) => !m.author.bot);
  say("question?");
  const reply = await (await waits).reply("answer");
  equal((await reply.fetchReference()).content, "question?");
  equal((await reply.edit("better answer")).content, "better answer");
  await reply.react("👍");
  equal((await reply.fetch(true)).reactions.cache.get("👍")?.count, 1, "reactions");
  equal((await channel.messages.fetch({ limit: 1 })).first()?.content, "better answer");
  const gone = next<Message>(Events.MessageDelete);
  await reply.delete();
  equal((await gone).id, reply.id);
  await refused(channel.messages.fetch(reply.id), 10008);
});

await check("an edit and a deletion by a member arrive", async () => {
  const created = next<Message>(Events.MessageCreate);
  const { id } = say("first");
  await created;
  const updated = next<unknown>(Events.MessageUpdate);
  simulator.actions.edit(channel.id, id, "second");
  await updated;
  equal(channel.messages.cache.get(id)?.content, "second");
  const deleted = next<Message>(Events.MessageDelete);
  simulator.actions.delete(channel.id, id);
  equal((await deleted).id, id);
});

await check("files, embeds, typing, nonce", async () => {
  const sent = await channel.send({
    content: "see",
    files: [{ attachment: Buffer.from("hello"), name: "hello.txt" }],
    embeds: [{ title: "T", description: "D", fields: [{ name: "n", value: "v" }] }],
  });
  equal(sent.attachments.first()?.name, "hello.txt");
  equal(await (await fetch(sent.attachments.first()?.url ?? "")).text(), "hello");
  equal(sent.embeds[0]?.fields[0]?.value, "v");
  await channel.sendTyping();
  const once = { content: "once", nonce: "conformance-1", enforceNonce: true };
  equal((await channel.send(once)).id, (await channel.send(once)).id, "message of the same nonce");
  await refused(channel.send({ content: "x".repeat(2001) }), 50035);
});

await check("seven messages at once pass the bucket in order, without an error", async () => {
  const sent = await Promise.all(Array.from({ length: 7 }, (_, n) => channel.send(`number ${n}`)));
  equal(
    sent.map((message) => message.content),
    Array.from({ length: 7 }, (_, n) => `number ${n}`),
  );
});

await check("commands: set, fetch with localisations, edit, delete", async () => {
  const commands = await client.application?.commands.set([
    {
      name: "ask",
      description: "Ask",
      nameLocalizations: { tr: "sor" },
      options: [{ type: ApplicationCommandOptionType.String, name: "question", description: "What", required: true }],
    },
    { name: "Ask AI about this", type: ApplicationCommandType.Message },
  ]);
  equal(commands?.size, 2, "commands");
  const fetched = await client.application?.commands.fetch({ withLocalizations: true });
  equal(fetched?.find((c) => c.name === "ask")?.nameLocalizations, { tr: "sor" });
  const own = await guild.commands.create({ name: "temp", description: "temp" });
  equal((await own.edit({ description: "changed" })).description, "changed");
  await own.delete();
  equal((await guild.commands.fetch()).size, 0, "guild commands");
});

const ask = () =>
  simulator.actions.command({ userId: ada.userId, channelId: channel.id, name: "ask", options: { question: "why?" } });

await check("a command: options, reply, fetchReply, edit, follow-up", async () => {
  const waits = next<Interaction>(Events.InteractionCreate);
  const asked = ask();
  const interaction = await waits;
  if (!interaction.isChatInputCommand()) throw new Error("no chat command");
  equal(interaction.options.getString("question"), "why?");
  equal(interaction.guildLocale, "en-US", "locale");
  equal(interaction.memberPermissions?.has("SendMessages"), true, "member permissions");
  await interaction.reply("Because.");
  equal((await interaction.fetchReply()).content, "Because.");
  equal((await interaction.editReply("Just because.")).content, "Just because.");
  equal((await interaction.followUp({ content: "More", flags: MessageFlags.Ephemeral })).content, "More");
  equal((await asked).state, "answered");
});

await check("a command: deferred, ephemeral, answered by editing", async () => {
  const waits = next<Interaction>(Events.InteractionCreate);
  const asked = ask();
  const interaction = await waits;
  if (!interaction.isChatInputCommand()) throw new Error("no chat command");
  await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  await interaction.editReply("Only for you.");
  const record = await asked;
  equal(record.ephemeral, true, "ephemeral");
  equal(simulator.world.channels.get(channel.id)?.messages.get(record.originalId ?? "")?.content, "Only for you.");
  await interaction.deleteReply();
});

await check("a context menu, a button that updates, a modal", async () => {
  const target = say("what is this?");
  const menus = next<Interaction>(Events.InteractionCreate);
  void simulator.actions.command({
    userId: ada.userId,
    channelId: channel.id,
    name: "Ask AI about this",
    targetId: target.id,
  });
  const menu = await menus;
  if (!menu.isMessageContextMenuCommand()) throw new Error("no context menu");
  equal(menu.targetMessage.content, "what is this?");
  const row = new ActionRowBuilder<ButtonBuilder>().addComponents(
    new ButtonBuilder().setCustomId("up").setLabel("👍").setStyle(ButtonStyle.Primary),
    new ButtonBuilder().setCustomId("tell").setLabel("Tell").setStyle(ButtonStyle.Secondary),
  );
  const { resource } = await menu.reply({ content: "a thing", components: [row], withResponse: true });
  const messageId = resource?.message?.id ?? "";

  const clicks = next<Interaction>(Events.InteractionCreate);
  void simulator.actions.component({ userId: ada.userId, channelId: channel.id, messageId, customId: "up" });
  const click = await clicks;
  if (!click.isButton()) throw new Error("no button");
  equal(click.message.id, messageId);
  await click.update({ content: "a thing, liked" });
  equal(simulator.world.channels.get(channel.id)?.messages.get(messageId)?.content, "a thing, liked");

  const tells = next<Interaction>(Events.InteractionCreate);
  const told = simulator.actions.component({ userId: ada.userId, channelId: channel.id, messageId, customId: "tell" });
  const tell = await tells;
  if (!tell.isButton()) throw new Error("no button");
  const input = new TextInputBuilder().setCustomId("text").setLabel("Tell us").setStyle(TextInputStyle.Short);
  await tell.showModal(
    new ModalBuilder()
      .setCustomId("feedback")
      .setTitle("Feedback")
      .addComponents(new ActionRowBuilder<TextInputBuilder>().addComponents(input)),
  );
  const submits = next<Interaction>(Events.InteractionCreate);
  void simulator.actions.modal({ userId: ada.userId, interactionId: (await told).id, fields: { text: "nice" } });
  const submit = await submits;
  if (!submit.isModalSubmit()) throw new Error("no modal");
  equal(submit.fields.getTextInputValue("text"), "nice");
  await submit.reply({ content: "thanks", flags: MessageFlags.Ephemeral });
});

await check("moderation: time-out, bulk delete, kick, ban, unban, and the reasons in the audit log", async () => {
  const member = await guild.members.fetch(bob.userId);
  await member.timeout(60_000, "flood");
  equal((await guild.members.fetch({ user: bob.userId, force: true })).isCommunicationDisabled(), true, "timed out");
  await member.timeout(null);
  for (const content of ["a", "b", "c"]) say(content);
  const bulk = next<{ size: number }>(Events.MessageBulkDelete);
  await channel.bulkDelete(3);
  equal((await bulk).size, 3, "deleted");
  const left = next(Events.GuildMemberRemove);
  await member.kick("spam");
  await left;
  simulator.actions.addMember(guild.id, { userId: bob.userId });
  const banned = next(Events.GuildBanAdd);
  await guild.members.ban(bob.userId, { reason: "scam", deleteMessageSeconds: 60 });
  await banned;
  equal((await guild.bans.fetch(bob.userId)).reason, "scam");
  await guild.members.unban(bob.userId);
  const log = await guild.fetchAuditLogs({ limit: 20 });
  const reasonOf = (action: AuditLogEvent) => log.entries.find((entry) => entry.action === action)?.reason;
  equal([reasonOf(AuditLogEvent.MemberKick), reasonOf(AuditLogEvent.MemberBanAdd)], ["spam", "scam"]);
  const owner = await guild.fetchOwner();
  equal([owner.kickable, owner.bannable, owner.moderatable], [false, false, false]);
  await refused(owner.kick(), 50013);
});

await check("threads: from a message, in a forum, archived, listed", async () => {
  const message = await channel.send("a long story");
  const thread = await message.startThread({ name: "Story" });
  const heard = next<Message>(Events.MessageCreate, (m) => m.channelId === thread.id);
  say("go on", thread.id);
  equal((await heard).content, "go on");
  await thread.send("chapter one");
  const forum = guild.channels.cache.get(forumId) as ForumChannel;
  const post = await forum.threads.create({
    name: "Dark mode",
    message: { content: "please" },
    appliedTags: [forum.availableTags[0]?.id ?? ""],
  });
  equal((await post.fetchStarterMessage())?.content, "please");
  await thread.setArchived(true);
  equal((await channel.threads.fetchArchived()).threads.size, 1, "archived");
  equal((await guild.channels.fetchActiveThreads()).threads.has(post.id), true, "active");
  const created = next<{ name: string }>(Events.ThreadCreate);
  simulator.actions.openThread({ channelId: forumId, userId: ada.userId, name: "Mine", content: "help" });
  equal((await created).name, "Mine");
});

await check("roles, channels, nickname, members by the gateway, direct messages", async () => {
  const role = await guild.roles.create({ name: "Helper", permissions: ["SendMessages"] });
  const member = await guild.members.fetch(ada.userId);
  await member.roles.add(role);
  equal((await guild.members.fetch({ user: ada.userId, force: true })).roles.cache.has(role.id), true, "role");
  await role.setName("Helpers");
  await member.setNickname("Countess");
  await role.delete();
  const made = await guild.channels.create({ name: "New room", type: ChannelType.GuildText, topic: "t" });
  equal(made.name, "new-room");
  await made.setTopic("changed");
  await made.delete();
  equal((await guild.members.fetch()).size, 3, "members");
  equal((await guild.members.fetch({ query: "ad" })).first()?.nickname, "Countess");
  const direct = next<Message>(Events.MessageCreate, (m) => m.guildId === null && !m.author.bot);
  await member.send("hello");
  simulator.actions.direct({ userId: ada.userId, content: "hi bot" });
  equal((await direct).content, "hi bot");
});

const identifies = () => simulator.services.ledger.list({ kind: "gateway", op: 2 }).length;
const resumes = () => simulator.services.ledger.list({ kind: "gateway", op: 6 }).length;

for (const [name, act] of [
  ["op 7", () => simulator.services.gateway.reconnect()],
  ["close 4000", () => simulator.services.gateway.closeWith(4000)],
  ["op 9 true", () => simulator.services.gateway.invalidate(true)],
] as const) {
  await check(`${name}: resumed, what was missed is replayed, no IDENTIFY`, async () => {
    const [before, resumed] = [identifies(), resumes()];
    const waits = next(Events.ShardResume);
    const heard = next<Message>(Events.MessageCreate, (m) => m.content === `during ${name}`);
    act();
    say(`during ${name}`);
    await Promise.all([waits, heard]);
    equal([identifies() - before, resumes() - resumed], [0, 1]);
  });
}

await check("op 9 false: a new session", async () => {
  const before = identifies();
  const ready = next(Events.ShardReady);
  simulator.services.gateway.invalidate(false);
  await ready;
  equal(identifies() - before, 1);
});

await check("a zombie is found by its missing acks, and resumed", async () => {
  const waits = next(Events.ShardResume);
  simulator.services.gateway.setZombie(true);
  await waits;
});

await check("joining and leaving a guild, an outage", async () => {
  const joined = next<Guild>(Events.GuildCreate);
  const other = simulator.actions.createGuild({ name: "Other" }).guild;
  equal((await joined).name, "Other");
  const left = next<Guild>(Events.GuildDelete);
  simulator.actions.removeBot(other.id, simulator.bots[0]?.applicationId ?? "");
  equal((await left).name, "Other");
});

await check("zlib-stream, by @discordjs/ws", async () => {
  const { WebSocketManager, CompressionMethod, WebSocketShardEvents } = await import("@discordjs/ws");
  const manager = new WebSocketManager({
    token: simulator.bots[0]?.token ?? "",
    intents: GatewayIntentBits.Guilds | GatewayIntentBits.GuildMessages | GatewayIntentBits.MessageContent,
    rest: new REST({ api: simulator.api, version: "10" }).setToken(simulator.bots[0]?.token ?? ""),
    compression: CompressionMethod.ZlibNative,
  });
  await client.destroy();
  const heard = new Promise<void>((resolve) => {
    manager.on(WebSocketShardEvents.Dispatch, (data) => {
      if (data.t === "MESSAGE_CREATE" && data.d.content === "compressed") resolve();
    });
  });
  await manager.connect();
  say("compressed");
  await heard;
  await manager.destroy();
});

if (problems.length > 0) process.stdout.write(`client's errors and warnings: ${problems.join("; ")}\n`);
const unknown = simulator.services.ledger
  .list({ kind: "request" })
  .filter((entry) => entry.kind === "request" && entry.route === undefined);
if (unknown.length > 0)
  process.stdout.write(
    `routes that the simulator does not have: ${JSON.stringify(unknown.map((e) => e.kind === "request" && `${e.method} ${e.path}`))}\n`,
  );
await client.destroy();
await simulator.stop();
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);
