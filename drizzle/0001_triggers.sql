-- Renews the catalogue's revision in the transaction of every change of `assets` and `versions`.
-- A random UUID, so that a restored or branched database can never reuse one.
CREATE FUNCTION public.renew_catalog_revision() RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.catalog_revision DEFAULT VALUES
  ON CONFLICT ((true)) DO UPDATE SET revision = gen_random_uuid(), changed_at = now()
$$;
--> statement-breakpoint
CREATE FUNCTION on_rows_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM new_rows) THEN PERFORM public.renew_catalog_revision(); END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION on_rows_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT * FROM new_rows EXCEPT SELECT * FROM old_rows) THEN
    PERFORM public.renew_catalog_revision();
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION on_rows_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM old_rows) THEN PERFORM public.renew_catalog_revision(); END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION before_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  has_rows boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT FROM %s)', TG_RELID::regclass) INTO has_rows;
  IF has_rows THEN PERFORM public.renew_catalog_revision(); END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER assets_inserted AFTER INSERT ON assets REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION on_rows_inserted();
--> statement-breakpoint
CREATE TRIGGER assets_updated AFTER UPDATE ON assets
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION on_rows_updated();
--> statement-breakpoint
CREATE TRIGGER assets_deleted AFTER DELETE ON assets REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION on_rows_deleted();
--> statement-breakpoint
CREATE TRIGGER assets_truncated BEFORE TRUNCATE ON assets
  FOR EACH STATEMENT EXECUTE FUNCTION before_truncate();
--> statement-breakpoint
CREATE TRIGGER versions_inserted AFTER INSERT ON versions REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION on_rows_inserted();
--> statement-breakpoint
CREATE TRIGGER versions_updated AFTER UPDATE ON versions
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION on_rows_updated();
--> statement-breakpoint
CREATE TRIGGER versions_deleted AFTER DELETE ON versions REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION on_rows_deleted();
--> statement-breakpoint
CREATE TRIGGER versions_truncated BEFORE TRUNCATE ON versions
  FOR EACH STATEMENT EXECUTE FUNCTION before_truncate();
--> statement-breakpoint
SELECT public.renew_catalog_revision();
--> statement-breakpoint
-- An asset is of the latest version if its version is; later changes of the version cascade.
CREATE FUNCTION set_is_latest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.is_latest := coalesce(
    (SELECT is_latest FROM public.versions WHERE dataset = NEW.dataset AND version = NEW.version),
    false
  );
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER assets_set_is_latest BEFORE INSERT OR UPDATE OF dataset, version, is_latest ON assets
  FOR EACH ROW EXECUTE FUNCTION set_is_latest();
