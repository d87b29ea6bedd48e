/** Sums over days, for a server's home and an operator's: outcomes of messages, members' votes, acts of moderation. */
import type { GuildId } from "../../ids.ts";
import type { OutcomeKind } from "../../record.ts";

export type OutcomeFigure = {
  /** `2026-11-28`, in the zone that was asked for. */
  readonly day: string;
  readonly kind: OutcomeKind;
  readonly reason: string;
  readonly count: number;
};

export type FeedbackFigure = { readonly day: string; readonly up: number; readonly down: number };

export type CaseFigure = { readonly day: string; readonly rule: string; readonly count: number };

export type DeploymentFigure = {
  readonly guild: GuildId;
  readonly name: string;
  readonly questions: number;
  readonly answered: number;
  readonly costUsd: number;
};

export type FiguresStore = {
  /** Days without anything are left out; oldest first. `zone` is an IANA name; `untilMs` is the first moment that no longer counts. */
  outcomes(guild: GuildId, sinceMs: number, zone: string, untilMs?: number): Promise<readonly OutcomeFigure[]>;
  feedback(guild: GuildId, sinceMs: number, zone: string, untilMs?: number): Promise<readonly FeedbackFigure[]>;
  /** Cases by the broken rule, with or without an act. */
  cases(guild: GuildId, sinceMs: number, zone: string, untilMs?: number): Promise<readonly CaseFigure[]>;
  /** Of all servers, those with the most questions first. For the operator alone. */
  deployment(sinceMs: number, limit: number): Promise<readonly DeploymentFigure[]>;
};
