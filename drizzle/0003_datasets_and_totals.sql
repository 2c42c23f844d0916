CREATE TABLE "asset_totals" (
	"version" text NOT NULL,
	"asset_type" text NOT NULL,
	"status" text NOT NULL,
	"is_latest" boolean NOT NULL,
	"is_default" boolean NOT NULL,
	"total" bigint NOT NULL,
	CONSTRAINT "asset_totals_key" PRIMARY KEY("version","asset_type","status","is_latest","is_default")
);
--> statement-breakpoint
CREATE TABLE "datasets" (
	"dataset" text PRIMARY KEY NOT NULL,
	"revision" uuid DEFAULT gen_random_uuid() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "datasets_page" ON "datasets" USING btree (("dataset" collate "C"));