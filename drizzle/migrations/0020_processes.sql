CREATE TABLE "processes" (
	"holder" text PRIMARY KEY NOT NULL,
	"instance" text NOT NULL,
	"roles" text[] NOT NULL,
	"version" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL,
	"memory_bytes" bigint NOT NULL,
	"shards" integer NOT NULL,
	"shards_live" integer NOT NULL,
	"open" integer NOT NULL,
	"drain_asked_at" timestamp (3) with time zone
);
