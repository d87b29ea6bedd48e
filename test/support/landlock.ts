/** Whether this kernel confines a process by itself (Linux 5.13 or newer, where it is not turned off); null where it does not. */
import { dlopen } from "bun:ffi";

const CREATE_RULESET = 444n;
const VERSION = 1n;

export function landlock(): number | null {
  if (process.platform !== "linux") return null;
  try {
    const { symbols } = dlopen("libc.so.6", { syscall: { args: ["i64", "i64", "i64", "i64"], returns: "i64" } });
    const version = Number(symbols.syscall(CREATE_RULESET, 0n, 0n, VERSION));
    return version < 1 ? null : version;
  } catch {
    return null;
  }
}
