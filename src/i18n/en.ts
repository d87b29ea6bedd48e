/** English. The form of all words: other languages are checked against it. */

export const en = {
  /** What the bot itself says in Discord. */
  bot: {
    notInKnowledge: "I couldn't find that in this server's knowledge base.",
    nearestPage: "The closest page I have:",
    emptyKnowledge: "I have no knowledge base to answer from yet. An admin can fill it in the dashboard.",
    quoted: "Here is what the knowledge base says:",
    sources: "Sources",
    source: "Source",
    marked: "I've marked this conversation for the team: they can see that you would like to talk to a person.",
    markedBefore:
      "This conversation is marked for the team already. They can see that you would like to talk to a person.",
    /** The plan has no escalation: marked, and nobody hears of it. */
    notTold:
      "I've noted that you would like to talk to a person, but on this server the team is not notified. Please write to somebody on the team yourself.",
    teamUntil: (time: string) => `The team is here until ${time}.`,
    teamFrom: (time: string) => `The team is not here right now; it is back ${time}.`,
    teamAway: "The team has no fixed hours; it answers as soon as somebody is here.",
    person: "Talk to a person",
    pressedPerson: "(pressed “Talk to a person”)",
    takenOver: (member: string, minutes: number, link: string) =>
      `You have the conversation with ${member}. The bot is silent there until ${minutes} minutes after your last message. Answer in the channel, or in the dashboard: ${link}`,
    takenBy: "Somebody else on the team has this conversation already.",
    notTeam: "Only the team may take conversations over.",
    askInServer:
      "I can't tell which server your question is about. Please ask me there, by mentioning me in a channel.",
    knowledgeLoading: "I am still reading this server's knowledge base. Please ask again in a minute.",
    cannotReadAbove:
      "I can't see that message: I'm not allowed to read earlier messages here. Ask me in your own words, or ask an admin to give me \"Read Message History\" in this channel.",
    notSetUp: "I am not set up for this server. An admin can add me on the dashboard's Setup page.",
    askSomething: "How can I help? Mention me together with your question.",
    welcome: "You're welcome!",
    doingWell: "I'm doing well, thanks for asking! What can I help you with?",
    insulted: "I'm sorry that I was of no help. Tell me what you need, or say that you want to talk to a person.",
    failed: "Something went wrong on my side. Please try again in a minute.",
    linkRemoved: "[link removed]",
    inviteRemoved: "[invite removed]",
    off: "I'm switched off in this channel.",
    agentHolds: "Somebody from the team is taking care of this conversation. They will answer you here.",
    forgotten: "Done. I have forgotten what we talked about in this server.",
    thanksUp: "Thank you! I'm glad that it helped.",
    thanksDown: "Thank you for telling us. I'm sorry that this didn't help; the team can see it.",
    unknownCommand: "I don't know this command. It may be from an older version of me.",
    nothingToAsk: "There is no text in this message that I could answer.",
    /** Why there is no answer now: the month, the plan, or one of the server's own limits. */
    refused: {
      quota:
        "This server's messages for this month are used up, so I can't answer until the next one. An admin sees more in the dashboard, under Usage & plan.",
      "moderation-share": "Moderation has used its share of this month.",
      "plan-without-discord":
        "This server's plan doesn't include answers in Discord. An admin can change it in the dashboard, under Usage & plan.",
      "member-limit": "You have asked me a lot in the last hour. Please give me a little time, and ask again later.",
      "channel-limit": "There are very many questions in this channel right now. Please ask again in a minute.",
      "cost-limit": "I have reached what this server may spend today. Please ask again tomorrow.",
      "member-busy": "I am still busy with what you asked before. Please ask again in a minute.",
      "server-busy": "Very many questions are waiting on this server right now. Please ask again in a minute.",
    },
    helpful: "Helpful",
    notHelpful: "Not helpful",
    privacy: {
      kept: (turns: number, silences: number, cases: number) =>
        `**What I keep about you in this server**\n• what you and I said to each other: ${turns} days\n• lines of yours that I considered answering: ${silences} days\n• what moderation found, if anything: its text ${cases} days\n• for follow-up questions: half an hour\n\nA language model sees your message only when I answer it, or when moderation is not sure of it. Messages that are none of my business are not kept.`,
      file: "Send me what you keep",
      forget: "Forget me",
      doNotRead: "Do not read me",
      readAgain: "Read me again",
      fileHere: "This is what I keep about you, as JSON (unpack it with gunzip).",
      fileSent: "I have sent you a file by direct message.",
      fileAgain: (hours: number) =>
        `You asked for your file a short while ago. It is in our direct messages; a new one can be made every ${hours} hours.`,
      fileTooLarge: "There is more than fits into a file on Discord. Please ask the admins of this server for it.",
      cannotWrite:
        "I can't write to you. Allow direct messages in this server's privacy settings, then press the button again.",
      busy: "Many people are asking for their files right now. Please press the button again in a few minutes.",
      forgotten:
        "Done. I have emptied our conversations in every server where I am. What moderation decided stays until its time is over, because it can be appealed.",
      isUnread:
        "I don't read you: your messages are neither answered nor shown to a language model. Only fixed rules against spam and scams still look at them. /privacy changes that.",
      isRead: "Done. I answer you again when you ask.",
      optedOut: "You asked me not to read you, so I can't answer. /privacy changes that.",
      authorOptedOut: "Whoever wrote this asked me not to read them. Ask me in your own words instead, with /ask.",
    },
  },
  /** Lines in a server's mod-log about the house itself. */
  notices: {
    quota: (percent: number, used: number, limit: number) =>
      percent >= 100
        ? `The account's ${limit} messages of this month are used up. Answers have stopped; moderation goes on with its prefilter alone. Take a larger plan, or wait for the next month: see Usage & plan in the dashboard.`
        : `The account has used ${used} of its ${limit} messages this month, past ${percent} %. See Usage & plan in the dashboard.`,
    draft: (topic: string) =>
      `A post about “${topic}” is written and waits for somebody's yes: see Proactive in the dashboard.`,
    channelLost: "A scheduled post has no channel any more: see Proactive in the dashboard.",
  },
  /** The doctor's findings: the fact and its remedy, in one sentence. */
  doctor: {
    database: (version: string, embedded: boolean) => `PostgreSQL ${version} answers${embedded ? " (embedded)" : ""}.`,
    databaseDown: (problem: string) =>
      `The database does not answer (${problem}); check DATABASE_URL and that the server is running.`,
    redis: "Redis answers.",
    redisAbsent: "Short-lived state is kept in this process; set REDIS_URL before you run more than one process.",
    redisDown:
      "Redis does not answer; check REDIS_URL and that the server is running, answers go on without memory until then.",
    model: "A model writes the answers.",
    modelDown: (problem: string) =>
      `Answers quote the knowledge base for now: ${problem}; check GROQ_API_KEY and GROQ_BASE_URL.`,
    modelGone: (model: string, instead: string | null) =>
      instead === null
        ? `The provider does not serve ${model}, and nothing stands in for it, so what it was for is quoted or left alone; set GROQ_ANSWER_MODEL, GROQ_JUDGE_MODEL and GROQ_MODERATION_MODEL to models that it serves.`
        : `The provider does not serve ${model}; ${instead} answers in its place. Set the variable that names it to a model that is served.`,
    modelAbsent:
      "There is no GROQ_API_KEY, so answers quote the knowledge base; set one to have them written by a model.",
    meanings: (model: string) => `Passages are ranked by meaning too; the embedding endpoint answers with ${model}.`,
    meaningsDown: (problem: string) =>
      `Passages are ranked by their words alone: ${problem}; check EMBEDDINGS_BASE_URL, EMBEDDINGS_API_KEY and EMBEDDINGS_MODEL, and that the server is running.`,
    meaningsKept: (meant: number, passages: number) =>
      `The meaning of ${meant} of ${passages} passages is kept; the others follow as soon as somebody asks.`,
    meaningsTooMany: (passages: number, most: number) =>
      `Passages are ranked by their words alone: there are ${passages}, and meanings are kept for at most ${most}; remove sources that nobody asks about.`,
    botAbsent:
      "No bot is set up; set DISCORD_TOKEN (Developer Portal, Bot, Reset Token), or look around first with `npm run demo`.",
    token: (name: string) => `Discord knows the bot's token: it is ${name}.`,
    tokenRefused: (problem: string) =>
      `Discord could not be asked with this token (${problem}); copy a new one from the Developer Portal under Bot, Reset Token.`,
    tokenAbsent: "This process has no token for this bot; set the DISCORD_TOKEN that the gateway is started with.",
    discordDown: (problem: string) =>
      `Discord does not answer (${problem}); check this machine's way to it, and DISCORD_API_BASE if it is set.`,
    intentAbsent:
      "The Message Content intent is not granted, so only mentions, replies, direct messages and commands carry text; switch it on in the Developer Portal under Bot.",
    commands: "The slash commands are registered.",
    commandsAbsent:
      "The slash commands are not registered yet; start the gateway or the web role once, it registers them.",
    commandsRefused: (why: string) =>
      `Discord refused the slash commands (${why}), so /ask is missing or outdated; Gatehouse tries again at its next start. If it is refused again, check in the Developer Portal that the token belongs to this application, and report the words in brackets.`,
    endpoint: (url: string) =>
      `Interactions go to ${url}; clear the endpoint URL in the Developer Portal to have them over the gateway.`,
    gateway: (shards: number) =>
      shards === 1 ? "The gateway is up with one shard." : `The gateway is up with ${shards} shards.`,
    gatewayPartly: (ready: number, shards: number) =>
      `Only ${ready} of ${shards} shards are connected to Discord; wait a minute, then read the gateway's log, which says why.`,
    gatewayConnecting:
      "A process runs the gateway, but Discord has not let it in yet; wait a minute, then read its log, which says why.",
    gatewayDown: "No process runs the gateway; start one with `gatehouse all` or `gatehouse gateway`.",
    guildUnseen: "The bot does not see this server; invite it again from the setup page.",
    knowledge: (passages: number) =>
      `The knowledge base holds ${passages === 1 ? "1 passage" : `${passages} passages`}.`,
    knowledgeEmpty:
      "The knowledge base is empty; import pages with `gatehouse knowledge import`, or on the knowledge page.",
    modeNeedsContent:
      "The mode “Every message” needs the Message Content intent; switch it on, or choose “On mention”.",
    permissions: (channels: number) =>
      `The bot has what it needs in ${channels === 1 ? "the one text channel" : `all ${channels} text channels`}.`,
    permissionsMissing: (names: readonly string[]) => `Give the bot's role: ${names.join(", ")}.`,
    channelHidden: "The bot does not see this channel; give its role View Channel if it should answer there.",
    moderationWithoutAction:
      "Moderation is on but every action is off, so it only logs; switch an action on, or leave it so on purpose.",
    moderationNeedsContent:
      "Moderation is on, but the bot reads only messages that mention it. Switch on the Message Content intent in the Developer Portal.",
    moderationRoleOrder: (roles: string) =>
      `Members with these roles cannot be timed out, kicked or banned, since the roles are not below the bot's: ${roles}. Drag the bot's role above them (Server Settings, Roles).`,
    moderationMissingIn: (permission: string, channels: string) =>
      `The bot lacks ${permission} in ${channels}, so what is switched on does not work there. Give it to the bot's role in these channels' permissions.`,
    inviteMissing:
      "Nobody who was kicked, or banned by mistake, can be invited back, since the bot may create no invitations. Give its role Create Invite.",
    moderationWell: "The bot has what each action that is switched on needs.",
    joinsNeedMembers:
      "Moderation is to watch joins (raid mode) or names, but the Server Members intent is not granted. Switch it on in the Developer Portal under Bot, then start Gatehouse again.",
    joinsNeedRestart:
      "Moderation is to watch joins (raid mode) or names, but the bot connected before the Server Members intent was granted. Start Gatehouse again.",
    logChannelGone: "The log channel of moderation is gone; choose another under Moderation, Rules and settings.",
    logChannelClosed: (channel: string, permissions: string) =>
      `The bot cannot write in the log channel ${channel}; give its role ${permissions} there.`,
    autoModUnseen:
      "What Discord's own AutoMod does is not in the log, since Discord tells it only to bots with Manage Server; give the bot's role that if you want it there.",
    moderationWithoutRules:
      "Moderation is on without a rule of yours; write at least one, or only the built-in signals count.",
    permission: {
      createInvite: "Create Invite",
      kickMembers: "Kick Members",
      banMembers: "Ban Members",
      administrator: "Administrator",
      manageChannels: "Manage Channels",
      manageGuild: "Manage Server",
      viewChannel: "View Channel",
      sendMessages: "Send Messages",
      manageMessages: "Manage Messages",
      embedLinks: "Embed Links",
      attachFiles: "Attach Files",
      readMessageHistory: "Read Message History",
      manageThreads: "Manage Threads",
      createPublicThreads: "Create Public Threads",
      sendMessagesInThreads: "Send Messages in Threads",
      moderateMembers: "Timeout Members",
    },
  },
  /** What became of a message, for people. */
  outcomes: {
    kinds: {
      cleared: "Cleared",
      silent: "Silent",
      answered: "Answered",
      moderated: "Moderated",
      escalated: "Escalated",
      "left-to-agent": "Left to an agent",
      merged: "Merged",
      refused: "Refused",
      failed: "Failed",
      dropped: "Dropped",
    },
    /** Meanings of an outcome's fixed words; a word that is not here is shown as it is. */
    reasons: {
      mentioned: "the bot was mentioned",
      "replied-to-bot": "a reply to the bot",
      "own-thread": "in a thread the bot opened",
      "direct-message": "a direct message",
      "every-message": "every message is answered here",
      smart: "it could help",
      "already-answered": "it had answered already",
      reused: "the same question had this answer within the hour: said again, not counted",
      "own-message": "the bot's own message",
      "bot-author": "written by a bot",
      webhook: "written by a webhook",
      "system-message": "one of Discord's own messages",
      empty: "there was no text",
      "mode-off": "the bot is switched off here",
      "mode-ask": "only /ask is answered here",
      "not-mentioned": "the bot was not mentioned",
      "agent-holds": "an agent was speaking",
      "addressed-to-another": "said to somebody else",
      "staff-answered": "staff had answered already",
      "answered-meanwhile": "somebody answered meanwhile",
      "thread-solved": "the thread is marked solved",
      "small-talk": "small talk",
      "another-application": "another bot of this deployment looks after this server",
      "opted-out": "its author asked not to be read",
      "another-bot": "another bot of this deployment looks after this server",
      "nothing-relevant": "nothing in the knowledge base fits",
      "model-declined": "the model saw no way to help",
      known: "the knowledge base holds it",
      "not-in-knowledge": "the knowledge base does not hold it",
      "no-knowledge": "the knowledge base is empty",
      "wants-human": "a member asked for a person",
      button: "a member pressed “Talk to a person”",
      "two-failures": "the bot could not help twice in a row",
      quota: "the month's messages are used up",
      "moderation-share": "moderation has used its share of the month",
      "plan-without-discord": "the plan has no answers in Discord",
      "member-limit": "the member asked more than this server allows in an hour",
      "channel-limit": "more was asked in the channel than this server allows in a minute",
      "cost-limit": "the day's ceiling in money is reached",
      "member-busy": "the member asked faster than anybody can be answered",
      "server-busy": "too many of this server's questions were waiting",
      timeout: "it took too long",
      unavailable: "the other side could not be reached",
      "rate-limited": "too many requests at once",
      unauthorized: "Discord refused the token",
      forbidden: "a permission is missing",
      "not-found": "the channel or message is gone",
      invalid: "Discord refused the message",
      overloaded: "too much was going on",
      "unknown-outcome": "nobody knows whether it was sent",
      pressure: "too much was going on to look closer",
      "ring-full": "too much was going on",
      "asked-nothing": "the bot was called without a question",
      courtesy: "a greeting or thanks",
      "knowledge-loading": "the knowledge base was still being read",
      "ask-in-server": "it was not clear which server it was about",
      duplicate: "delivered once more, and dealt with already",
      "into-later": "taken together with what the member wrote next",
      "message-deleted": "the message was deleted meanwhile",
      "self-unknown": "Discord did not say yet who the bot is",
      "no-outcome": "the program ended before it could say what became of it",
      poison: "it crashed the program again and again; it is in the log",
      forgotten: "a member asked to be forgotten",
      bug: "a mistake of ours; it is in the log",
    },
  },
} as const;
