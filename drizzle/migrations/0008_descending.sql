DROP INDEX "audit_newest";--> statement-breakpoint
DROP INDEX "conversations_newest";--> statement-breakpoint
DROP INDEX "conversations_running";--> statement-breakpoint
DROP INDEX "conversations_member";--> statement-breakpoint
DROP INDEX "decisions_newest";--> statement-breakpoint
DROP INDEX "inbox_oldest";--> statement-breakpoint
DROP INDEX "strikes_member";--> statement-breakpoint
CREATE INDEX "conversations_channel" ON "conversations" USING btree ("guild_id","channel_id","last_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "guilds_found" ON "guilds" USING btree ((left_at is not null),lower(name),"guild_id");--> statement-breakpoint
CREATE INDEX "sources_websites" ON "sources" USING btree ("updated_at") WHERE kind = 'website';--> statement-breakpoint
CREATE INDEX "audit_newest" ON "audit" USING btree ("guild_id","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "conversations_newest" ON "conversations" USING btree ("guild_id","last_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "conversations_running" ON "conversations" USING btree ("guild_id","channel_id","member_id","last_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "conversations_member" ON "conversations" USING btree ("member_id","last_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "decisions_newest" ON "decisions" USING btree ("guild_id","at" DESC NULLS FIRST,"trigger" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "inbox_oldest" ON "inbox" USING btree ("application_id","created_at","message_id");--> statement-breakpoint
CREATE INDEX "strikes_member" ON "strikes" USING btree ("guild_id","member_id","at" DESC NULLS FIRST);