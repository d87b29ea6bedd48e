/**
 * The extractor's child begins here: takes from itself what a parser does not need, and becomes child.ts. On Linux a Landlock ruleset is
 * put on the process and kept through `execv`, so that every thread of the child has it: it reads the program, its packages and the system's
 * libraries, and nothing else (no data directory, no key, no other process's environment in /proc), writes nothing and opens no connection.
 * It may list folders, which the module loader does. Where the kernel has no Landlock (before 5.13, or turned off), with another C
 * library, or on another system, the child runs as the user it is.
 * Source: https://docs.kernel.org/userspace-api/landlock.html
 */
import { dlopen, ptr } from "bun:ffi";
import { closeSync, existsSync, openSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

const CREATE_RULESET = 444n;
const ADD_RULE = 445n;
const RESTRICT_SELF = 446n;
/** As `CREATE_RULESET`'s flag: which version of Landlock there is. */
const VERSION = 1n;
const PATH_BENEATH = 1n;
const PR_SET_NO_NEW_PRIVS = 38;
const F_SETFD = 2;
/** Only names a file; the kernel asks for no more. */
const O_PATH = 0o10000000;

const EXECUTE = 1n << 0n;
const READ_FILE = 1n << 2n;
const READ_DIR = 1n << 3n;
/** All rights that a version can forbid: in a file system, connecting and listening by TCP, signals and abstract sockets of others. */
const filesOf = (version: number) => (1n << (version >= 3 ? 15n : version >= 2 ? 14n : 13n)) - 1n;
const TCP = 3n;
const OTHERS = 3n;

/** The system's libraries, and the files that the runtime reads about the machine and itself; of no other process. */
const SYSTEM = [
  ...["/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/zoneinfo", "/lib", "/lib64", "/nix/store"],
  ...["/etc/ld.so.cache", "/etc/localtime", "/dev/null", "/dev/urandom"],
  ...["/proc/self", "/proc/stat", "/proc/meminfo", "/proc/cpuinfo", "/proc/sys/vm", "/sys/devices/system/cpu"],
  ...["/sys/fs/cgroup", "/sys/kernel/mm/transparent_hugepage"],
];
/** Files that the module loader looks for in the folders above. */
const BESIDE = ["package.json", "tsconfig.json", "bunfig.toml"];

/** Kept while the kernel reads them. */
const texts: Uint8Array[] = [];

const program = process.argv[2] ?? join(import.meta.dir, "child.ts");

if (process.platform === "linux") become();
await import(program);

/** Does not return where it works. */
function become(): void {
  const libc = system();
  if (libc === null) return;
  const call = (number: bigint, ...of: readonly bigint[]) => {
    const [a = 0n, b = 0n, c = 0n, d = 0n] = of;
    return Number(libc.syscall(number, a, b, c, d, 0n));
  };
  const version = call(CREATE_RULESET, 0n, 0n, VERSION);
  if (version < 1) return;

  const attributes = new BigUint64Array([filesOf(version), version >= 4 ? TCP : 0n, version >= 6 ? OTHERS : 0n]);
  const size = version >= 6 ? 24n : version >= 4 ? 16n : 8n;
  const ruleset = call(CREATE_RULESET, BigInt(ptr(attributes)), size, 0n);
  if (ruleset < 0) return;
  for (const path of readable()) allow(path, EXECUTE | READ_FILE | READ_DIR);
  // The module loader lists every folder above the program. File names are no secrets; their contents are.
  allow("/", READ_DIR);
  if (libc.prctl(PR_SET_NO_NEW_PRIVS, 1n, 0n, 0n, 0n) !== 0) return;
  if (call(RESTRICT_SELF, BigInt(ruleset), 0n) !== 0) return;

  // The channel to the parent goes along.
  const channel = Number(libc.getenv(ptr(text("NODE_CHANNEL_FD"))));
  if (channel > 0) libc.fcntl(channel, F_SETFD, 0);
  const bun = realpathSync(process.execPath);
  libc.execv(ptr(text(bun)), ptr(list([bun, program])));

  function allow(path: string, access: bigint): void {
    if (!existsSync(path)) return;
    const real = realpathSync(path);
    const fd = openSync(real, O_PATH);
    const rule = (granted: bigint) => {
      const bytes = Buffer.alloc(12);
      bytes.writeBigUInt64LE(granted, 0);
      bytes.writeInt32LE(fd, 8);
      return call(ADD_RULE, BigInt(ruleset), PATH_BENEATH, BigInt(ptr(bytes)), 0n);
    };
    // A file has no list to read.
    if (rule(access) !== 0) rule(access & ~READ_DIR);
    closeSync(fd);
  }
}

/** Null where it is another C library than the one that Bun is built for here. */
function system() {
  try {
    return dlopen("libc.so.6", {
      syscall: { args: ["i64", "i64", "i64", "i64", "i64", "i64"], returns: "i64" },
      prctl: { args: ["i32", "u64", "u64", "u64", "u64"], returns: "i32" },
      fcntl: { args: ["i32", "i32", "i32"], returns: "i32" },
      getenv: { args: ["ptr"], returns: "cstring" },
      execv: { args: ["ptr", "ptr"], returns: "i32" },
    }).symbols;
  } catch {
    return null;
  }
}

/** The program's own files, and the module loader's files in its folders and those above. */
function readable(): readonly string[] {
  const paths = [join(import.meta.dir, "..", ".."), program, process.execPath, ...SYSTEM];
  for (let folder = import.meta.dir; ; folder = dirname(folder)) {
    const packages = join(folder, "node_modules");
    // It may be a link to elsewhere.
    const beside = existsSync(packages) ? [folder, dirname(realpathSync(packages))] : [folder];
    paths.push(packages, ...beside.flatMap((one) => BESIDE.map((name) => join(one, name))));
    if (folder === dirname(folder)) return paths;
  }
}

function text(value: string): Uint8Array {
  return Buffer.from(`${value}\0`);
}

/** A list of C's strings, ended by 0. */
function list(values: readonly string[]): BigUint64Array {
  const own = values.map(text);
  texts.push(...own);
  return new BigUint64Array([...own.map((bytes) => BigInt(ptr(bytes))), 0n]);
}
