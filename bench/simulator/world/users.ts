/** Accounts: people, and the users behind bots. */
import type { User, World } from "../world.ts";

export type NewUser = {
  readonly username: string;
  readonly displayName?: string | null;
  readonly bot?: boolean;
  readonly locale?: string;
  readonly id?: string;
};

export function createUser(world: World, options: NewUser): User {
  const user: User = {
    id: options.id ?? world.ids.next(),
    username: options.username,
    globalName: options.displayName ?? null,
    bot: options.bot ?? false,
    locale: options.locale ?? "en-US",
    email: `${options.username.replace(/\W+/g, "-").toLowerCase()}@example.test`,
  };
  world.users.set(user.id, user);
  return user;
}

/** The person of that name, made if there is none yet. */
export function userNamed(world: World, username: string): User {
  for (const user of world.users.values()) if (user.username === username && !user.bot) return user;
  return createUser(world, { username });
}
