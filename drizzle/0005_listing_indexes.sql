-- Writers wait until the new indexes are made, 20 s for 1,000,000 assets. The old ones are dropped
-- last, because dropping locks the table against readers too. The Worker before this migration works
-- with the new indexes, some of its pages more slowly.
CREATE INDEX "assets_listing" ON "assets" USING btree ("created_on","asset_id","version","asset_type","is_latest","is_default","status");
--> statement-breakpoint
CREATE INDEX "assets_dataset_listing" ON "assets" USING btree ("dataset","created_on","asset_id","version","asset_type","is_latest","is_default","status");
--> statement-breakpoint
CREATE INDEX "assets_version_listing" ON "assets" USING btree ("version","created_on","asset_id","asset_type","is_latest","is_default","status");
--> statement-breakpoint
CREATE INDEX "assets_type_listing" ON "assets" USING btree ("asset_type","created_on","asset_id","version","is_latest","is_default","status");
--> statement-breakpoint
CREATE INDEX "assets_status_listing" ON "assets" USING btree ("status","created_on","asset_id","version","asset_type","is_latest","is_default") WHERE "assets"."status" <> 'saved';
--> statement-breakpoint
DROP INDEX "assets_page";
--> statement-breakpoint
DROP INDEX "assets_version_page";
--> statement-breakpoint
DROP INDEX "assets_type_page";
--> statement-breakpoint
DROP INDEX "assets_latest_page";
--> statement-breakpoint
DROP INDEX "assets_default_page";
--> statement-breakpoint
DROP INDEX "assets_status_page";
