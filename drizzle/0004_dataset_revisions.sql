-- Keeps `datasets` and `asset_totals`, and renews the revisions of the datasets that a statement
-- changes, beside that of the catalog. No statement here makes readers wait.
--
-- Every writer locks the catalog's row before its first change, so that two of them wait for each
-- other but never deadlock. Only TRUNCATE can, since it locks tables before its triggers run.
CREATE FUNCTION public.lock_catalog() RETURNS void LANGUAGE sql AS $$
  -- Creates the row if it is missing, otherwise locks it and does not change it.
  INSERT INTO public.catalog_revision DEFAULT VALUES
  ON CONFLICT ((true)) DO UPDATE SET revision = excluded.revision WHERE false
$$;
--> statement-breakpoint
CREATE FUNCTION public.before_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM public.lock_catalog();
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER assets_lock BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON assets
  FOR EACH STATEMENT EXECUTE FUNCTION public.before_change();
--> statement-breakpoint
CREATE TRIGGER versions_lock BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON versions
  FOR EACH STATEMENT EXECUTE FUNCTION public.before_change();
--> statement-breakpoint
-- Renews the revisions of the changed datasets, if there are any, and of the catalog. `datasets`
-- gets the ones that have their first version, and loses those without a version.
CREATE FUNCTION public.renew_revisions(changed text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF cardinality(changed) = 0 THEN RETURN; END IF;
  DELETE FROM public.datasets
  WHERE dataset = ANY (changed)
    AND NOT EXISTS (SELECT FROM public.versions WHERE versions.dataset = datasets.dataset);
  INSERT INTO public.datasets (dataset)
  SELECT DISTINCT dataset FROM public.versions WHERE dataset = ANY (changed)
  ON CONFLICT (dataset) DO UPDATE SET revision = excluded.revision;
  UPDATE public.catalog_revision SET revision = gen_random_uuid(), changed_at = now();
END $$;
--> statement-breakpoint
-- The functions of the triggers that both tables have.
CREATE OR REPLACE FUNCTION public.on_rows_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM public.renew_revisions(ARRAY(SELECT DISTINCT dataset FROM new_rows));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION public.on_rows_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM public.renew_revisions(ARRAY(
    SELECT dataset FROM (TABLE new_rows EXCEPT TABLE old_rows) AS added
    UNION
    SELECT dataset FROM (TABLE old_rows EXCEPT TABLE new_rows) AS removed
  ));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION public.on_rows_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM public.renew_revisions(ARRAY(SELECT DISTINCT dataset FROM old_rows));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION public.before_assets_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM public.renew_revisions(ARRAY(SELECT DISTINCT dataset FROM public.assets));
  DELETE FROM public.asset_totals;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION public.after_versions_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM public.renew_revisions(ARRAY(SELECT dataset FROM public.datasets));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE OR REPLACE TRIGGER assets_truncated BEFORE TRUNCATE ON assets
  FOR EACH STATEMENT EXECUTE FUNCTION public.before_assets_truncated();
--> statement-breakpoint
CREATE OR REPLACE TRIGGER versions_truncated AFTER TRUNCATE ON versions
  FOR EACH STATEMENT EXECUTE FUNCTION public.after_versions_truncated();
--> statement-breakpoint
DROP FUNCTION before_truncate();
--> statement-breakpoint
CREATE FUNCTION public.count_inserted_assets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.asset_totals AS kept
  SELECT version, asset_type, status, is_latest, is_default, count(*) FROM new_rows
  GROUP BY version, asset_type, status, is_latest, is_default
  ON CONFLICT ON CONSTRAINT asset_totals_key DO UPDATE SET total = kept.total + excluded.total;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION public.count_updated_assets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.asset_totals AS kept
  SELECT version, asset_type, status, is_latest, is_default, sum(change)
  FROM (
    SELECT version, asset_type, status, is_latest, is_default, 1 AS change FROM new_rows
    UNION ALL
    SELECT version, asset_type, status, is_latest, is_default, -1 FROM old_rows
  ) AS changes
  GROUP BY version, asset_type, status, is_latest, is_default HAVING sum(change) <> 0
  ON CONFLICT ON CONSTRAINT asset_totals_key DO UPDATE SET total = kept.total + excluded.total;
  DELETE FROM public.asset_totals WHERE total = 0;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION public.count_deleted_assets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE public.asset_totals AS kept SET total = kept.total - deleted.total
  FROM (
    SELECT version, asset_type, status, is_latest, is_default, count(*) AS total FROM old_rows
    GROUP BY version, asset_type, status, is_latest, is_default
  ) AS deleted
  WHERE (kept.version, kept.asset_type, kept.status, kept.is_latest, kept.is_default)
    = (deleted.version, deleted.asset_type, deleted.status, deleted.is_latest, deleted.is_default);
  DELETE FROM public.asset_totals WHERE total = 0;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER assets_inserted_count AFTER INSERT ON assets REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION public.count_inserted_assets();
--> statement-breakpoint
CREATE TRIGGER assets_updated_count AFTER UPDATE ON assets
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION public.count_updated_assets();
--> statement-breakpoint
CREATE TRIGGER assets_deleted_count AFTER DELETE ON assets REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION public.count_deleted_assets();
--> statement-breakpoint
-- Makes both tables anew and renews all revisions: after changes that fired no triggers, such as
-- those of logical replication.
CREATE FUNCTION public.refresh_catalog() RETURNS void LANGUAGE sql AS $$
  SELECT public.lock_catalog();
  DELETE FROM public.datasets;
  INSERT INTO public.datasets (dataset) SELECT DISTINCT dataset FROM public.versions;
  DELETE FROM public.asset_totals;
  INSERT INTO public.asset_totals
  SELECT version, asset_type, status, is_latest, is_default, count(*) FROM public.assets
  GROUP BY version, asset_type, status, is_latest, is_default;
  UPDATE public.catalog_revision SET revision = gen_random_uuid(), changed_at = now()
$$;
--> statement-breakpoint
SELECT public.refresh_catalog();
--> statement-breakpoint
DROP FUNCTION public.renew_catalog_revision();
