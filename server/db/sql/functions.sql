-- SPDX-License-Identifier: MIT
-- Functions of the stores. Applied by `xanh migrate` whenever this file changes; every statement can be repeated.

-- One row of history per row changed: the state after the change, or the last state of a row that went.
-- Who, how and why come from settings of the transaction, put there by the write door.
CREATE OR REPLACE FUNCTION xanh.keep_history() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public
AS $body$
DECLARE
  names text;
  origin text;
BEGIN
  SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO names
    FROM pg_attribute WHERE attrelid = TG_RELID AND attnum > 0 AND NOT attisdropped;
  origin := CASE TG_OP
    WHEN 'DELETE' THEN 'old_rows'
    WHEN 'TRUNCATE' THEN format('%I.%I', TG_TABLE_SCHEMA, TG_TABLE_NAME)
    ELSE 'new_rows' END;
  EXECUTE format(
    'INSERT INTO history.%I (%s, action, changed_at, changed_by, protocol, change_set) SELECT %s, $1, now(), $2, $3, $4 FROM %s',
    TG_TABLE_NAME, names, names, origin)
  USING
    CASE TG_OP WHEN 'TRUNCATE' THEN 'delete' ELSE lower(TG_OP) END,
    coalesce(nullif(current_setting('xanh.account', true), ''), session_user::text),
    coalesce(nullif(current_setting('xanh.protocol', true), ''), 'sql'),
    nullif(current_setting('xanh.change_set', true), '')::bigint;
  RETURN NULL;
END
$body$;

-- A geometry as the official store wants it: flat, of the layer's type, in the storage CRS. NULL when it cannot be read or transformed
-- (the caller knows whether there was one); an empty geometry stays empty, a wrong type stays wrong: the caller names the fault.
CREATE OR REPLACE FUNCTION xanh.read_geometry(wkb bytea, geojson text, from_srid integer, to_srid integer, wanted text) RETURNS geometry
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, public
AS $body$
DECLARE
  shape geometry;
BEGIN
  shape := ST_SetSRID(ST_Force2D(CASE WHEN wkb IS NOT NULL THEN ST_GeomFromWKB(wkb) ELSE ST_GeomFromGeoJSON(geojson) END), from_srid);
  IF ST_IsEmpty(shape) THEN
    RETURN shape;
  END IF;
  IF wanted LIKE 'Multi%' THEN
    shape := ST_Multi(shape);
  ELSIF wanted <> 'Geometry' AND GeometryType(shape) LIKE 'MULTI%' AND ST_NumGeometries(shape) = 1 THEN
    shape := ST_GeometryN(shape, 1);
  END IF;
  IF from_srid <> to_srid THEN
    shape := ST_Transform(shape, to_srid);
  END IF;
  RETURN shape;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END
$body$;

-- Whether a geometry lies inside a box of EPSG:4326, by its own box; false when it cannot be transformed.
CREATE OR REPLACE FUNCTION xanh.lies_within(shape geometry, box geometry) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, public
AS $body$
BEGIN
  RETURN box ~ CASE WHEN ST_SRID(shape) = 4326 THEN shape ELSE ST_Transform(ST_Envelope(shape), 4326) END;
EXCEPTION WHEN OTHERS THEN
  RETURN false;
END
$body$;

-- Whether a geometry that was found outside a box (EPSG:4326) lies inside it with x and y exchanged.
CREATE OR REPLACE FUNCTION xanh.looks_swapped(wkb bytea, geojson text, from_srid integer, box geometry) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, public
AS $body$
BEGIN
  RETURN xanh.lies_within(ST_FlipCoordinates(
    ST_SetSRID(ST_Force2D(CASE WHEN wkb IS NOT NULL THEN ST_GeomFromWKB(wkb) ELSE ST_GeomFromGeoJSON(geojson) END), from_srid)), box);
EXCEPTION WHEN OTHERS THEN
  RETURN false;
END
$body$;

-- Where a geometry lies, for people: a point of it in degrees. '?' when it cannot be transformed.
CREATE OR REPLACE FUNCTION xanh.describe_place(shape geometry) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, public
AS $body$
DECLARE
  place geometry := ST_PointOnSurface(shape);
BEGIN
  IF ST_SRID(place) <> 4326 THEN
    place := ST_Transform(place, 4326);
  END IF;
  RETURN round(ST_Y(place)::numeric, 5) || '° N, ' || round(ST_X(place)::numeric, 5) || '° E';
EXCEPTION WHEN OTHERS THEN
  RETURN '?';
END
$body$;

-- Staff may not ANALYZE what they do not own, but a freshly published layer needs statistics before its first reader comes.
CREATE OR REPLACE FUNCTION xanh.refresh_statistics(layer text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $body$
BEGIN
  EXECUTE format('ANALYZE published.%I', layer);
END
$body$;

-- An index is made several times faster than it grows row by row, and by several processes. Who fills an empty layer may set its plain
-- indexes aside (those of its history too while that is empty), in the transaction that fills it, and put them back; nobody else sees the
-- tables without them. Indexes of constraints and those with conditions stay. Answers all that put_index_back needs.
DROP FUNCTION IF EXISTS xanh.set_shape_indexes_aside(text);
DROP FUNCTION IF EXISTS xanh.put_shape_index_back(text, text, text);
CREATE OR REPLACE FUNCTION xanh.set_indexes_aside(layer text)
RETURNS TABLE (store text, name text, method text, is_unique boolean, places text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $body$
DECLARE
  is_filled boolean;
BEGIN
  IF NOT has_table_privilege(session_user, format('official.%I', layer), 'INSERT') THEN
    RAISE insufficient_privilege;
  END IF;
  FOREACH store IN ARRAY ARRAY['official', 'history'] LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %I.%I)', store, layer) INTO is_filled;
    IF is_filled THEN
      RETURN;
    END IF;
    FOR name, method, is_unique, places IN
      SELECT c.relname, m.amname, i.indisunique, ARRAY(
          SELECT a.attname::text FROM unnest(i.indkey::smallint[]) WITH ORDINALITY k (number, rank)
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number ORDER BY k.rank)
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
        WHERE i.indrelid = format('%I.%I', store, layer)::regclass AND m.amname IN ('gist', 'btree')
          AND i.indpred IS NULL AND i.indexprs IS NULL AND NOT i.indnullsnotdistinct
          AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)
    LOOP
      EXECUTE format('DROP INDEX %I.%I', store, name);
      RETURN NEXT;
    END LOOP;
  END LOOP;
END
$body$;

CREATE OR REPLACE FUNCTION xanh.put_index_back(layer text, store text, name text, method text, is_unique boolean, places text[])
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $body$
BEGIN
  IF NOT has_table_privilege(session_user, format('official.%I', layer), 'INSERT') OR store NOT IN ('official', 'history') THEN
    RAISE insufficient_privilege;
  END IF;
  EXECUTE format('CREATE %s INDEX %I ON %I.%I USING %I (%s)', CASE WHEN is_unique THEN 'UNIQUE' ELSE '' END, name, store, layer, method,
    (SELECT string_agg(quote_ident(place), ', ' ORDER BY rank) FROM unnest(places) WITH ORDINALITY p (place, rank)));
END
$body$;
