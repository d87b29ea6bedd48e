/**
 * A database of one's own for a test file: on the PostgreSQL of this machine (127.0.0.1:5432, trust) if one answers,
 * else on an embedded one that all files of the run share and the last one stops.
 */
import postgres from "postgres";
import { createLogger } from "../../src/logger.ts";
import { type Embedded, startEmbedded } from "../../src/store/embedded.ts";
import { type TemporaryFolder, temporaryFolder } from "./folder.ts";

export type TestDatabase = {
  readonly url: string;
  /** Statements as an administrator of this server, past the store. */
  readonly admin: postgres.Sql;
  drop(): Promise<void>;
};

export const quiet = createLogger({ level: "silent", format: "json" });

const SERVERS = ["postgres://postgres@127.0.0.1:5432/postgres", "postgres://root@127.0.0.1:5432/test"];

export async function openDatabase(): Promise<TestDatabase> {
  for (const url of SERVERS) {
    const database = await createOn(url, async () => {});
    if (database !== null) return database;
  }
  return openEmbeddedDatabase();
}

let embedded: { readonly server: Promise<Embedded>; readonly folder: TemporaryFolder; users: number } | null = null;

export async function openEmbeddedDatabase(): Promise<TestDatabase> {
  if (embedded === null) {
    const folder = temporaryFolder("postgres");
    embedded = { folder, users: 0, server: startEmbedded({ dataDir: folder.path, logger: quiet }) };
  }
  const mine = embedded;
  mine.users++;
  const server = await mine.server;
  const database = await createOn(server.url, async () => {
    if (--mine.users > 0) return;
    if (embedded === mine) embedded = null;
    await server.stop();
    mine.folder.remove();
  });
  if (database === null) throw new Error("the embedded PostgreSQL does not answer");
  return database;
}

/** Null when no server answers there. Who may not make databases gets a schema. */
async function createOn(serverUrl: string, after: () => Promise<void>): Promise<TestDatabase | null> {
  const root = postgres(serverUrl, { max: 1, connect_timeout: 2, onnotice: () => {} });
  const name = `gatehouse_test_${process.pid}_${crypto.randomUUID().slice(0, 8)}`;
  const url = new URL(serverUrl);
  let undo: string;
  try {
    await root.unsafe(`create database ${name}`);
    url.pathname = `/${name}`;
    undo = `drop database if exists ${name} with (force)`;
  } catch (error) {
    if (!(error instanceof postgres.PostgresError) || error.code !== "42501") {
      await root.end({ timeout: 0 });
      return null;
    }
    await root.unsafe(`create schema ${name}`);
    url.searchParams.set("search_path", name);
    undo = `drop schema if exists ${name} cascade`;
  }
  const admin = postgres(url.href, { max: 2, onnotice: () => {} });
  return {
    url: url.href,
    admin,
    async drop() {
      await admin.end({ timeout: 1 });
      await root.unsafe(undo);
      await root.end({ timeout: 1 });
      await after();
    },
  };
}
