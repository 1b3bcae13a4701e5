-- The peers read plain tables of the same rows: without the columns Xanh keeps ready for itself they have less to read.
-- Features in EPSG:4326; maps from a table that is ready in EPSG:3857, which is the peers' fastest way.
create schema if not exists bench;
drop table if exists bench.bench_points, bench.map_points, bench.tile_points, bench.map_zones;
create table bench.bench_points as
  select id, code, name, owner, sector, address, commune_code, status, capacity, permit_no, permit_date, wastewater_m3d, geom
  from published.bench_points order by id;
create table bench.map_points as select id, sector, geom_3857 from published.bench_points order by id;
create table bench.tile_points as
  select id, code, name, owner, sector, address, commune_code, status, capacity, geom_3857 from published.bench_points order by id;
create table bench.map_zones as select id, kind, geom_3857 from published.bench_zones order by id;
alter table bench.bench_points add primary key (id);
alter table bench.map_points add primary key (id);
alter table bench.tile_points add primary key (id);
alter table bench.map_zones add primary key (id);
create index on bench.bench_points using gist (geom);
create index on bench.bench_points (code);
create index on bench.map_points using gist (geom_3857);
create index on bench.tile_points using gist (geom_3857);
create index on bench.map_zones using gist (geom_3857);
analyze bench.bench_points;
analyze bench.map_points;
analyze bench.tile_points;
analyze bench.map_zones;
