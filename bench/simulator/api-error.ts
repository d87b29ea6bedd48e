/**
 * Discord's error answers: an HTTP status, a JSON code, and for forms the path of each wrong field.
 * https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
 * https://discord.com/developers/docs/reference#error-messages
 */

/** The messages Discord sends with its codes; only codes that the simulator can produce. */
const MESSAGES = {
  0: [404, "404: Not Found"],
  10002: [404, "Unknown Application"],
  10003: [404, "Unknown Channel"],
  10004: [404, "Unknown Guild"],
  10006: [404, "Unknown Invite"],
  10007: [404, "Unknown Member"],
  10008: [404, "Unknown Message"],
  10009: [404, "Unknown Permission Overwrite"],
  10011: [404, "Unknown Role"],
  10013: [404, "Unknown User"],
  10014: [404, "Unknown Emoji"],
  10015: [404, "Unknown Webhook"],
  10026: [404, "Unknown Ban"],
  10062: [404, "Unknown interaction"],
  10063: [404, "Unknown application command"],
  10065: [404, "Unknown Voice State"],
  20012: [403, "You are not authorized to perform this action on this application"],
  20028: [429, "The channel you are writing has hit the write rate limit"],
  30003: [400, "Maximum number of pins reached for this channel (50)"],
  30010: [400, "Maximum number of reactions reached (20)"],
  30016: [400, "Maximum number of invites reached (1000)"],
  30032: [400, "Maximum number of application commands reached (100)"],
  30034: [400, "Max number of daily application command creates has been reached (200)"],
  30046: [429, "Maximum number of edits to messages older than 1 hour reached. Try again later"],
  40001: [401, "Unauthorized"],
  40005: [413, "Request entity too large"],
  40007: [403, "The user is banned from this guild"],
  40060: [400, "Interaction has already been acknowledged"],
  50001: [403, "Missing Access"],
  50003: [403, "Cannot execute action on a DM channel"],
  50005: [403, "Cannot edit a message authored by another user"],
  50006: [400, "Cannot send an empty message"],
  50007: [403, "Cannot send messages to this user"],
  50008: [400, "Cannot send messages in a non-text channel"],
  50013: [403, "Missing Permissions"],
  50016: [
    400,
    "Provided too few or too many messages to delete. Must provide at least 2 and at most 100 messages to delete",
  ],
  50021: [403, "Cannot execute action on a system message"],
  50024: [400, "Cannot execute action on this channel type"],
  50025: [401, "Invalid OAuth2 access token provided"],
  50027: [401, "Invalid Webhook Token"],
  50028: [400, "Invalid role"],
  50033: [400, "Invalid Recipient(s)"],
  50034: [400, "You can only bulk delete messages that are under 14 days old."],
  50035: [400, "Invalid Form Body"],
  50083: [400, "Thread is archived"],
  50109: [400, "The request body contains invalid JSON."],
  160002: [400, "Cannot reply without permission to read message history"],
  160004: [400, "A thread has already been created for this message"],
} as const satisfies Record<number, readonly [status: number, message: string]>;

export type ErrorCode = keyof typeof MESSAGES;

export type FieldError = { readonly path: string; readonly code: string; readonly message: string };

export class ApiError extends Error {
  readonly status: number;
  readonly body: Record<string, unknown>;

  constructor(status: number, body: Record<string, unknown>) {
    super(String(body.message));
    this.status = status;
    this.body = body;
  }
}

export function apiError(code: ErrorCode): ApiError {
  const [status, message] = MESSAGES[code];
  return new ApiError(status, { message, code });
}

/** A 401 as Discord gives it: code 0, not 40001, when the token itself is wrong. */
export function unauthorized(): ApiError {
  return new ApiError(401, { message: "401: Unauthorized", code: 0 });
}

/** "50035 Invalid Form Body" with each field's error at its place; a number in a path is an array index. */
export function formError(errors: readonly FieldError[]): ApiError {
  const tree: Record<string, unknown> = {};
  for (const error of errors) {
    let node = tree;
    for (const key of error.path === "" ? [] : error.path.split(".")) {
      const child = (node[key] ?? {}) as Record<string, unknown>;
      node[key] = child;
      node = child;
    }
    const list = (node._errors ?? []) as unknown[];
    list.push({ code: error.code, message: error.message });
    node._errors = list;
  }
  return new ApiError(400, { message: MESSAGES[50035][1], code: 50035, errors: tree });
}
