/** The database at this version's schema: nothing starts without it, neither a process nor a command. */
import { AppError, type ErrorKind } from "../src/errors.ts";
import type { Services } from "../src/services.ts";

const DATABASE_TODO: { readonly [Kind in ErrorKind]?: string } = {
  unauthorized: "check the user and the password in it",
  "not-found": "make that database (createdb), or name one that is there",
  forbidden: "give its user the right to create tables",
  invalid: "use another server or database",
};

/** Returns the applied migrations; throws AppError with the remedy. */
export async function migrated({ config, store }: Pick<Services, "config" | "store">): Promise<readonly string[]> {
  try {
    return await store.migrate();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (config.databaseUrl === null) {
      throw new AppError(error.kind, `The embedded database cannot be used: ${error.message}; see the log above.`, {
        cause: error,
      });
    }
    const todo = DATABASE_TODO[error.kind] ?? "check the address and that the server runs";
    // A database that is not there is the address's fault, as a refused password is.
    const kind = error.kind === "not-found" ? "unauthorized" : error.kind;
    throw new AppError(kind, `The database of DATABASE_URL cannot be used: ${error.message}; ${todo}.`, {
      cause: error,
    });
  }
}
