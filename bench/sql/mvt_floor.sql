\set x random({first_column}, {last_column})
\set y random({first_row}, {last_row})
WITH box AS (SELECT ST_TileEnvelope({level}, :x, :y) AS whole, ST_TileEnvelope({level}, :x, :y, margin => 0.03125) AS reach)
SELECT ST_AsMVT(t, 'bench_points', 4096, 'geom', 'id') FROM (
    SELECT id, code, name, owner, sector, address, commune_code, status, capacity, ST_AsMVTGeom(geom_3857, whole, 4096, 128) AS geom
    FROM published.bench_points, box WHERE geom_3857 && reach OFFSET 0
) t WHERE geom IS NOT NULL
