-- Adding the column writes the table anew: readers wait for some seconds per 100,000 assets.
ALTER TABLE "assets" ADD COLUMN "metadata_bytes" integer GENERATED ALWAYS AS (octet_length(metadata::text) + 150 * jsonb_array_length(jsonb_path_query_array(metadata, 'strict $.tags[*] ? (@.type() != "null" && @.type() != "string")', '{}', true)) + 150 * jsonb_array_length(jsonb_path_query_array(metadata, 'strict $.fields[*] ? (@.type() != "null" && (exists(@.name) && exists(@.alias) && exists(@.description) && exists(@.data_type) && exists(@.unit) && exists(@.is_feature_info) && exists(@.is_filter)) is unknown)', '{}', true)) + 150 * jsonb_array_length(jsonb_path_query_array(metadata, 'strict $.bands[*] ? (@.type() != "null" && (exists(@.pixel_meaning) && exists(@.unit) && exists(@.description) && exists(@.statistics) && exists(@.values_table) && exists(@.data_type) && exists(@.compression) && exists(@.no_data_value)) is unknown)', '{}', true))) STORED NOT NULL;
--> statement-breakpoint
-- Names the assets that break the constraint below. Nothing is changed then.
DO $$
DECLARE
  too_large text;
BEGIN
  SELECT string_agg(asset_id::text, ', ') INTO too_large FROM (
    SELECT asset_id FROM assets WHERE metadata_bytes > 1048576 ORDER BY asset_id LIMIT 100
  ) AS largest;
  IF too_large IS NOT NULL THEN
    RAISE EXCEPTION 'shorten the metadata of these assets to 1 MiB, then migrate again: %', too_large;
  END IF;
END $$;
--> statement-breakpoint
CREATE INDEX "assets_bytes" ON "assets" USING btree ((512 + octet_length(dataset) + 6 * octet_length(asset_uri) + metadata_bytes));
--> statement-breakpoint
ALTER TABLE "assets" ADD CONSTRAINT "assets_metadata_bytes" CHECK ("assets"."metadata_bytes" <= 1048576);
