/** How commands end. */

/** Ends the command with `code`; the message, if any, is for a person. */
export class ExitError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.name = "ExitError";
    this.code = code;
  }
}

/** sysexits.h: EX_USAGE, EX_UNAVAILABLE, EX_CONFIG. */
export const EXIT = { usage: 64, outOfReach: 69, wrongConfiguration: 78 } as const;
