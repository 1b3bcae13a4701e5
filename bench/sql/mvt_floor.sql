\set x random({first_column}, {last_column})
\set y random({first_row}, {last_row})
SELECT ST_AsMVT(t, 'bench_points', 4096, 'geom', 'id') FROM (
    SELECT id, code, name, owner, sector, address, commune_code, status, capacity,
        ST_AsMVTGeom(geom_3857, (SELECT ST_TileEnvelope({level}, :x, :y)::box2d), 4096, 128) AS geom
    FROM published.bench_points WHERE geom_3857 && ST_TileEnvelope({level}, :x, :y, margin => 0.03125) OFFSET 0
) t WHERE geom IS NOT NULL
