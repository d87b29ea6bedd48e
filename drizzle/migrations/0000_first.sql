CREATE TABLE "accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"plan" text DEFAULT 'unlimited' NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"guild_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"by" text NOT NULL,
	"what" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"attempt" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bots" (
	"application_id" text PRIMARY KEY NOT NULL,
	"shared" boolean NOT NULL,
	"public_key" text NOT NULL,
	"token_sealed" text,
	"name" text NOT NULL,
	"commands_hash" text,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "conversations" (
	"id" text PRIMARY KEY NOT NULL,
	"guild_id" text NOT NULL,
	"channel_id" text NOT NULL,
	"channel_name" text NOT NULL,
	"member_id" text NOT NULL,
	"member_name" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	"turns" integer DEFAULT 0 NOT NULL,
	"last_text" text DEFAULT '' NOT NULL,
	"agent_id" text,
	"agent_idle_at" timestamp (3) with time zone,
	"fence" integer DEFAULT 0 NOT NULL,
	"takeover_attempt" text,
	"escalated_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "decisions" (
	"guild_id" text NOT NULL,
	"trigger" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"channel_id" text NOT NULL,
	"conversation_id" text,
	"kind" text NOT NULL,
	"reason" text NOT NULL,
	"ms" double precision NOT NULL,
	"model" text,
	"tokens_in" integer NOT NULL,
	"tokens_out" integer NOT NULL,
	"cost_usd" numeric(18, 9) NOT NULL,
	"attempt" text NOT NULL,
	CONSTRAINT "decisions_pk" PRIMARY KEY("guild_id","trigger")
);
--> statement-breakpoint
CREATE TABLE "documents" (
	"id" text PRIMARY KEY NOT NULL,
	"guild_id" text NOT NULL,
	"source_id" text NOT NULL,
	"key" text NOT NULL,
	"title" text NOT NULL,
	"url" text,
	"language" text NOT NULL,
	"hash" text NOT NULL,
	"passages" integer NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "escalations" (
	"id" text PRIMARY KEY NOT NULL,
	"guild_id" text NOT NULL,
	"conversation_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"summary" text NOT NULL,
	"mailed_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "guilds" (
	"guild_id" text PRIMARY KEY NOT NULL,
	"application_id" text NOT NULL,
	"account_id" text NOT NULL,
	"name" text NOT NULL,
	"settings" jsonb NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"joined_at" timestamp (3) with time zone NOT NULL,
	"left_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "identifies" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "identifies_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"application_id" text NOT NULL,
	"shard" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "inbox" (
	"application_id" text NOT NULL,
	"message_id" text NOT NULL,
	"guild_id" text,
	"payload" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"holder" text,
	"until" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "inbox_pk" PRIMARY KEY("application_id","message_id")
);
--> statement-breakpoint
CREATE TABLE "knowledge" (
	"guild_id" text PRIMARY KEY NOT NULL,
	"version" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "memberships" (
	"guild_id" text NOT NULL,
	"user_id" text NOT NULL,
	"role" text NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "memberships_pk" PRIMARY KEY("guild_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "moderation_cases" (
	"id" text PRIMARY KEY NOT NULL,
	"guild_id" text NOT NULL,
	"channel_id" text NOT NULL,
	"message_id" text NOT NULL,
	"author_id" text NOT NULL,
	"author_name" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"evidence" text NOT NULL,
	"rule" text NOT NULL,
	"verdict" jsonb NOT NULL,
	"action" text NOT NULL,
	"state" text NOT NULL,
	"problem" text,
	"note" text,
	"undone_by" text,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"key" text PRIMARY KEY NOT NULL,
	"guild_id" text,
	"conversation_id" text,
	"kind" text DEFAULT 'message' NOT NULL,
	"state" text NOT NULL,
	"fence" integer,
	"attempt" text NOT NULL,
	"message_id" text,
	"problem" text,
	"payload" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone,
	"done_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "passages" (
	"guild_id" text NOT NULL,
	"document_id" text NOT NULL,
	"position" integer NOT NULL,
	"title" text NOT NULL,
	"headings" jsonb NOT NULL,
	"url" text,
	"language" text NOT NULL,
	"text" text NOT NULL,
	CONSTRAINT "passages_pk" PRIMARY KEY("document_id","position")
);
--> statement-breakpoint
CREATE TABLE "proactive_posts" (
	"guild_id" text NOT NULL,
	"slot" timestamp (3) with time zone NOT NULL,
	"channel_id" text NOT NULL,
	"topic" text NOT NULL,
	"text" text NOT NULL,
	"state" text NOT NULL,
	"message_id" text,
	"problem" text,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "proactive_posts_pk" PRIMARY KEY("guild_id","slot")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id_hash" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "shards" (
	"application_id" text NOT NULL,
	"shard" integer NOT NULL,
	"shards" integer NOT NULL,
	"holder" text,
	"fence" bigint NOT NULL,
	"until" timestamp (3) with time zone NOT NULL,
	"session_id" text,
	"resume_url" text,
	"settled" bigint,
	CONSTRAINT "shards_pk" PRIMARY KEY("application_id","shard")
);
--> statement-breakpoint
CREATE TABLE "sign_in_links" (
	"secret_hash" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	"used_by" text
);
--> statement-breakpoint
CREATE TABLE "sources" (
	"id" text PRIMARY KEY NOT NULL,
	"guild_id" text NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"config" jsonb NOT NULL,
	"state" text DEFAULT 'idle' NOT NULL,
	"progress" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "strikes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "strikes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"guild_id" text NOT NULL,
	"member_id" text NOT NULL,
	"case_id" text NOT NULL,
	"weight" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "turns" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "turns_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"guild_id" text NOT NULL,
	"conversation_id" text NOT NULL,
	"role" text NOT NULL,
	"author" text NOT NULL,
	"text" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"message_id" text,
	"sources" jsonb NOT NULL,
	"outcome" jsonb,
	"feedback" text
);
--> statement-breakpoint
CREATE TABLE "usage" (
	"account_id" text NOT NULL,
	"guild_id" text NOT NULL,
	"day" date NOT NULL,
	"kind" text NOT NULL,
	"count" integer NOT NULL,
	"tokens_in" bigint NOT NULL,
	"tokens_out" bigint NOT NULL,
	"cost_usd" numeric(18, 9) NOT NULL,
	CONSTRAINT "usage_pk" PRIMARY KEY("guild_id","day","kind","account_id")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"operator" boolean NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_source_id_sources_id_fk" FOREIGN KEY ("source_id") REFERENCES "public"."sources"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "escalations" ADD CONSTRAINT "escalations_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guilds" ADD CONSTRAINT "guilds_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passages" ADD CONSTRAINT "passages_document_id_documents_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."documents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "strikes" ADD CONSTRAINT "strikes_case_id_moderation_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."moderation_cases"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "turns" ADD CONSTRAINT "turns_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_newest" ON "audit" USING btree ("guild_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "audit_attempt" ON "audit" USING btree ("attempt");--> statement-breakpoint
CREATE INDEX "conversations_newest" ON "conversations" USING btree ("guild_id","last_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "conversations_running" ON "conversations" USING btree ("guild_id","channel_id","member_id","last_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "conversations_member" ON "conversations" USING btree ("member_id","last_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "decisions_newest" ON "decisions" USING btree ("guild_id","at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "documents_key" ON "documents" USING btree ("source_id","key");--> statement-breakpoint
CREATE INDEX "documents_guild" ON "documents" USING btree ("guild_id");--> statement-breakpoint
CREATE INDEX "escalations_newest" ON "escalations" USING btree ("guild_id","at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "guilds_application" ON "guilds" USING btree ("application_id");--> statement-breakpoint
CREATE INDEX "guilds_account" ON "guilds" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "identifies_newest" ON "identifies" USING btree ("application_id","at");--> statement-breakpoint
CREATE INDEX "inbox_oldest" ON "inbox" USING btree ("application_id","created_at");--> statement-breakpoint
CREATE INDEX "memberships_user" ON "memberships" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "moderation_cases_message" ON "moderation_cases" USING btree ("guild_id","message_id");--> statement-breakpoint
CREATE INDEX "moderation_cases_newest" ON "moderation_cases" USING btree ("guild_id","at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "moderation_cases_author" ON "moderation_cases" USING btree ("guild_id","author_id","at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "outbox_in_flight" ON "outbox" USING btree ("conversation_id") WHERE state = 'sent';--> statement-breakpoint
CREATE INDEX "outbox_open" ON "outbox" USING btree ("created_at") WHERE state in ('planned', 'sent');--> statement-breakpoint
CREATE INDEX "passages_guild" ON "passages" USING btree ("guild_id","document_id","position");--> statement-breakpoint
CREATE INDEX "sessions_expiry" ON "sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "sources_guild" ON "sources" USING btree ("guild_id");--> statement-breakpoint
CREATE UNIQUE INDEX "strikes_case" ON "strikes" USING btree ("case_id");--> statement-breakpoint
CREATE INDEX "strikes_member" ON "strikes" USING btree ("guild_id","member_id","at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "turns_conversation" ON "turns" USING btree ("guild_id","conversation_id","id");--> statement-breakpoint
CREATE INDEX "turns_message" ON "turns" USING btree ("guild_id","message_id") WHERE message_id is not null;--> statement-breakpoint
CREATE INDEX "usage_account" ON "usage" USING btree ("account_id","day");