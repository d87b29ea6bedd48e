DROP INDEX "proactive_posts_newest";--> statement-breakpoint
CREATE INDEX "api_requests_guild" ON "api_requests" USING btree ("guild_id");--> statement-breakpoint
CREATE INDEX "conversations_escalated" ON "conversations" USING btree ("guild_id","last_at" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE escalated_at is not null;--> statement-breakpoint
CREATE INDEX "decisions_unanswered" ON "decisions" USING btree ("guild_id","at" DESC NULLS FIRST) WHERE reason in ('not-in-knowledge', 'two-failures', 'no-knowledge') and conversation_id is not null;--> statement-breakpoint
CREATE INDEX "moderation_cases_author" ON "moderation_cases" USING btree ("author_id");--> statement-breakpoint
CREATE INDEX "outbox_guild" ON "outbox" USING btree ("guild_id");--> statement-breakpoint
CREATE INDEX "proactive_posts_posted" ON "proactive_posts" USING btree ("slot" DESC NULLS FIRST) WHERE state = 'posted';--> statement-breakpoint
CREATE INDEX "proactive_posts_newest" ON "proactive_posts" USING btree ("guild_id","slot" DESC NULLS FIRST,"schedule_id" DESC NULLS FIRST);