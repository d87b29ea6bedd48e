CREATE TABLE "moderation_alerts" (
	"guild_id" text NOT NULL,
	"kind" text NOT NULL,
	"detail" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"until" timestamp (3) with time zone,
	CONSTRAINT "moderation_alerts_pk" PRIMARY KEY("guild_id","kind")
);
--> statement-breakpoint
CREATE TABLE "moderation_events" (
	"guild_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"case_id" text NOT NULL,
	"kind" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"detail" jsonb NOT NULL,
	"text" text,
	"text_hash" text,
	"text_salt" text,
	"hash" text NOT NULL,
	"attempt" text NOT NULL,
	CONSTRAINT "moderation_events_pk" PRIMARY KEY("guild_id","seq")
);
--> statement-breakpoint
CREATE TABLE "moderation_examples" (
	"guild_id" text NOT NULL,
	"case_id" text NOT NULL,
	"text" text NOT NULL,
	"rule" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "moderation_examples_pk" PRIMARY KEY("guild_id","case_id")
);
--> statement-breakpoint
CREATE TABLE "moderation_heads" (
	"guild_id" text PRIMARY KEY NOT NULL,
	"cases" bigint NOT NULL,
	"seq" bigint NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "moderation_reports" (
	"guild_id" text NOT NULL,
	"message_id" text NOT NULL,
	"reporter_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"state" text NOT NULL,
	CONSTRAINT "moderation_reports_pk" PRIMARY KEY("guild_id","message_id","reporter_id")
);
--> statement-breakpoint
DROP INDEX "moderation_cases_newest";--> statement-breakpoint
DROP INDEX "moderation_cases_author";--> statement-breakpoint
DROP INDEX "moderation_cases_message";--> statement-breakpoint
ALTER TABLE "moderation_cases" ADD COLUMN "number" bigint NOT NULL;--> statement-breakpoint
ALTER TABLE "moderation_cases" ADD COLUMN "key" text NOT NULL;--> statement-breakpoint
ALTER TABLE "moderation_cases" ADD COLUMN "channel_name" text NOT NULL;--> statement-breakpoint
ALTER TABLE "moderation_cases" ADD COLUMN "context" jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "moderation_cases" ADD COLUMN "evidence_hash" text NOT NULL;--> statement-breakpoint
ALTER TABLE "moderation_cases" ADD COLUMN "evidence_salt" text;--> statement-breakpoint
ALTER TABLE "moderation_cases" ADD COLUMN "rule_number" integer;--> statement-breakpoint
ALTER TABLE "moderation_cases" ADD COLUMN "plan" jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "moderation_cases" ADD COLUMN "wrong" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "moderation_cases" ADD COLUMN "attempt" text NOT NULL;--> statement-breakpoint
CREATE INDEX "moderation_events_case" ON "moderation_events" USING btree ("guild_id","case_id","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "moderation_events_appeal" ON "moderation_events" USING btree ("guild_id","case_id") WHERE kind = 'appeal';--> statement-breakpoint
CREATE INDEX "moderation_reports_reporter" ON "moderation_reports" USING btree ("guild_id","reporter_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "moderation_cases_key" ON "moderation_cases" USING btree ("guild_id","key");--> statement-breakpoint
CREATE UNIQUE INDEX "moderation_cases_number" ON "moderation_cases" USING btree ("guild_id","number");--> statement-breakpoint
CREATE INDEX "moderation_cases_member" ON "moderation_cases" USING btree ("guild_id","author_id","number");--> statement-breakpoint
CREATE INDEX "moderation_cases_channel" ON "moderation_cases" USING btree ("guild_id","channel_id","number");--> statement-breakpoint
CREATE INDEX "moderation_cases_action" ON "moderation_cases" USING btree ("guild_id","action","number");--> statement-breakpoint
CREATE INDEX "moderation_cases_state" ON "moderation_cases" USING btree ("guild_id","state","number");--> statement-breakpoint
CREATE INDEX "moderation_cases_rule" ON "moderation_cases" USING btree ("guild_id","rule_number","number");--> statement-breakpoint
CREATE INDEX "moderation_cases_at" ON "moderation_cases" USING btree ("guild_id","at");--> statement-breakpoint
CREATE INDEX "moderation_cases_planned" ON "moderation_cases" USING btree ("updated_at") WHERE state = 'planned';--> statement-breakpoint
CREATE INDEX "moderation_cases_kept" ON "moderation_cases" USING btree ("at") WHERE evidence_salt is not null;--> statement-breakpoint
CREATE INDEX "moderation_cases_words" ON "moderation_cases" USING gin (to_tsvector('simple', guild_id || ' ' || evidence));--> statement-breakpoint
CREATE INDEX "moderation_cases_message" ON "moderation_cases" USING btree ("guild_id","message_id");