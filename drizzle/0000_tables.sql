CREATE TABLE "assets" (
	"asset_id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"dataset" text NOT NULL,
	"version" text NOT NULL,
	"asset_type" text NOT NULL,
	"asset_uri" text NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"is_managed" boolean DEFAULT true NOT NULL,
	"is_latest" boolean DEFAULT false NOT NULL,
	"is_default" boolean DEFAULT false NOT NULL,
	"is_downloadable" boolean DEFAULT true NOT NULL,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_on" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_on" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "assets_asset_uri_unique" UNIQUE("asset_uri"),
	CONSTRAINT "assets_type" CHECK ("assets"."asset_type" in ('Dynamic vector tile cache', 'Static vector tile cache', 'Raster tile cache', 'Raster tile set', 'Database table', 'Geo database table', 'ESRI Shapefile', 'Geopackage', 'ndjson', 'csv', 'tsv', '1x1 grid', 'COG')),
	CONSTRAINT "assets_status" CHECK ("assets"."status" in ('saved', 'pending', 'failed')),
	CONSTRAINT "assets_uri_length" CHECK (octet_length("assets"."asset_uri") <= 2048),
	CONSTRAINT "assets_metadata_object" CHECK (jsonb_typeof("assets"."metadata") = 'object'),
	CONSTRAINT "assets_four_digit_years" CHECK ("assets"."created_on" >= '0001-01-01T00:00:00Z' and "assets"."created_on" < '10000-01-01T00:00:00Z' and "assets"."updated_on" >= '0001-01-01T00:00:00Z' and "assets"."updated_on" < '10000-01-01T00:00:00Z')
);
--> statement-breakpoint
CREATE TABLE "catalog_revision" (
	"revision" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "versions" (
	"dataset" text NOT NULL,
	"version" text NOT NULL,
	"is_latest" boolean DEFAULT false NOT NULL,
	CONSTRAINT "versions_dataset_version_pk" PRIMARY KEY("dataset","version"),
	CONSTRAINT "versions_with_latest" UNIQUE("dataset","version","is_latest"),
	CONSTRAINT "versions_dataset" CHECK ("versions"."dataset" ~ '^[a-z][a-z0-9_-]{2,}$' and length("versions"."dataset") <= 255),
	CONSTRAINT "versions_version" CHECK ("versions"."version" ~ '^v[0-9]{1,8}([.][0-9]{1,3}){0,2}$')
);
--> statement-breakpoint
ALTER TABLE "assets" ADD CONSTRAINT "assets_version" FOREIGN KEY ("dataset","version","is_latest") REFERENCES "public"."versions"("dataset","version","is_latest") ON DELETE no action ON UPDATE cascade;--> statement-breakpoint
CREATE INDEX "assets_page" ON "assets" USING btree ("created_on","asset_id");--> statement-breakpoint
CREATE INDEX "assets_version_page" ON "assets" USING btree ("dataset","version","created_on","asset_id");--> statement-breakpoint
CREATE INDEX "assets_type_page" ON "assets" USING btree ("asset_type","created_on","asset_id");--> statement-breakpoint
CREATE INDEX "assets_latest_page" ON "assets" USING btree ("is_latest","created_on","asset_id");--> statement-breakpoint
CREATE INDEX "assets_default_page" ON "assets" USING btree ("is_default","created_on","asset_id");--> statement-breakpoint
CREATE INDEX "assets_status_page" ON "assets" USING btree ("status","created_on","asset_id");--> statement-breakpoint
CREATE UNIQUE INDEX "catalog_revision_one_row" ON "catalog_revision" USING btree ((true));--> statement-breakpoint
CREATE UNIQUE INDEX "versions_latest" ON "versions" USING btree ("dataset") WHERE "versions"."is_latest";