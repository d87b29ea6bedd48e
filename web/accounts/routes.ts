/** Plans and accounts as tables with their forms, and a form that moves a server. In force at once, everywhere. */
import { AppError } from "../../src/errors.ts";
import type { GuildId } from "../../src/ids.ts";
import { type Account, FEATURES, type Plan } from "../../src/plans/plans.ts";
import { isTimeZone, monthIn } from "../../src/time-zone.ts";
import { field, readForm } from "../body.ts";
import { type Route, route } from "../guard.ts";
import { formVersion } from "../parts/form-version.ts";
import { htmlResponse, redirect } from "../respond.ts";
import { type PersonVisit, signature } from "../visit.ts";
import { accountsPage } from "./view.ts";

export type AccountsProblem =
  | "id"
  | "name"
  | "time-zone"
  | "plan"
  | "mail"
  | "owner"
  | "number"
  | "in-use"
  | "server"
  | "changed"
  | "taken";

export type AccountLine = Account & { readonly guilds: number; readonly used: number };

export type AccountsFacts = {
  readonly plans: readonly Plan[];
  readonly accounts: readonly AccountLine[];
  /** Behind which there are more. */
  readonly cursor: string | null;
  readonly saved: boolean;
  readonly problem: AccountsProblem | null;
  /** An unsaved form, and its account or plan; `of` "": a new one. */
  readonly typed: { readonly kind: "account" | "plan"; readonly of: string; readonly form: FormData } | null;
};

const SHOWN_MAX = 50;

export const accountsRoutes: readonly Route[] = [
  route("operator", "GET", "/accounts", async (visit) => accountsPage(visit, await facts(visit, null))),

  route("operator", "POST", "/accounts", async (visit) => {
    const form = await readForm(visit);
    const account: Account = {
      id: field(form, "id", 64).toLowerCase(),
      name: field(form, "name", 100),
      plan: field(form, "plan", 64),
      timeZone: field(form, "timeZone", 64),
      owner: field(form, "owner", 30) || null,
      mail: field(form, "mail", 200) || null,
    };
    const version = field(form, "version");
    const typed = { kind: "account", of: version === "" ? "" : account.id, form } as const;
    const problem = problemOf(account);
    if (problem !== null) return refused(visit, problem, typed);
    const { accounts } = visit.services.store;
    const known = (await accounts.get(account.id))?.account ?? null;
    if (formVersion(known) !== version) return refused(visit, version === "" ? "taken" : "changed", typed);
    return saving(visit, typed, account.id, () => accounts.save(account, known));
  }),

  route("operator", "POST", "/accounts/plans", async (visit) => {
    const form = await readForm(visit);
    const messages = field(form, "messages", 12);
    const plan: Plan = {
      id: field(form, "id", 64).toLowerCase(),
      name: field(form, "name", 100),
      priceUsd: Number(field(form, "priceUsd", 12).replace(",", ".")),
      messages: messages === "" ? null : Number(messages),
      features: FEATURES.filter((feature) => form.has(feature)),
      position: Number(field(form, "position", 6)) || 0,
    };
    const version = field(form, "version");
    const typed = { kind: "plan", of: version === "" ? "" : plan.id, form } as const;
    if (!ID.test(plan.id)) return refused(visit, "id", typed);
    if (plan.name === "") return refused(visit, "name", typed);
    if (!(plan.priceUsd >= 0 && plan.priceUsd < 1e6) || !isCount(plan.messages)) return refused(visit, "number", typed);
    const { accounts } = visit.services.store;
    const known = (await accounts.plans()).find(({ id }) => id === plan.id) ?? null;
    if (formVersion(known) !== version) return refused(visit, version === "" ? "taken" : "changed", typed);
    return saving(visit, typed, "", () => accounts.savePlan(plan, known));
  }),

  route("operator", "POST", "/accounts/plans/:plan/delete", async (visit) =>
    (await visit.services.store.accounts.removePlan(visit.params.plan ?? ""))
      ? await done(visit, "")
      : refused(visit, "in-use"),
  ),

  route("operator", "POST", "/accounts/move", async (visit) => {
    const form = await readForm(visit);
    const server = field(form, "server", 30);
    const account = field(form, "account", 64);
    const by = signature(visit.person);
    const known = /^\d{15,20}$/.test(server);
    const moved = known && (await visit.services.store.accounts.move(server as GuildId, account, by));
    return moved ? await done(visit, account) : refused(visit, "server");
  }),
];

/** Also refused: a row that another person changed at the same moment. */
async function saving(
  visit: PersonVisit,
  typed: NonNullable<AccountsFacts["typed"]>,
  account: string,
  save: () => Promise<void>,
): Promise<Response> {
  try {
    await save();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.kind === "not-found") return refused(visit, "plan", typed);
    if (error.kind === "conflict") return refused(visit, typed.of === "" ? "taken" : "changed", typed);
    throw error;
  }
  return await done(visit, account);
}

const ID = /^[a-z0-9][a-z0-9-]{0,63}$/;

function problemOf(account: Account): AccountsProblem | null {
  if (!ID.test(account.id)) return "id";
  if (account.name === "") return "name";
  if (!isTimeZone(account.timeZone)) return "time-zone";
  if (account.mail !== null && !/^[^\s@]+@[^\s@]+$/.test(account.mail)) return "mail";
  if (account.owner !== null && !/^\d{15,20}$/.test(account.owner)) return "owner";
  return null;
}

function isCount(value: number | null): boolean {
  return value === null || (Number.isInteger(value) && value >= 0 && value <= 2_000_000_000);
}

async function facts(visit: PersonVisit, problem: AccountsProblem | null): Promise<AccountsFacts> {
  const { store } = visit.services;
  const before = field(visit.url.searchParams, "before", 64);
  const [plans, listed] = await Promise.all([
    store.accounts.plans(),
    store.accounts.list(SHOWN_MAX + 1, before === "" ? undefined : before),
  ]);
  const shown = listed.slice(0, SHOWN_MAX);
  const accounts = await Promise.all(
    shown.map(async (account) => {
      const used = await store.quota.used(account.id, monthIn(visit.nowMs, account.timeZone));
      return { ...account, used };
    }),
  );
  const cursor = listed.length > SHOWN_MAX ? (shown.at(-1)?.id ?? null) : null;
  return { plans, accounts, cursor, problem, typed: null, saved: visit.url.searchParams.get("saved") === "1" };
}

async function refused(
  visit: PersonVisit,
  problem: AccountsProblem,
  typed: AccountsFacts["typed"] = null,
): Promise<Response> {
  const page = accountsPage(visit, { ...(await facts(visit, problem)), typed });
  return htmlResponse(page, problem === "changed" || problem === "taken" ? 409 : 422);
}

async function done(visit: PersonVisit, account: string): Promise<Response> {
  await visit.services.bus.publish({ type: "account-changed", account });
  return redirect(visit, "/accounts?saved=1");
}
