-- What the peers draw of the large layer; an empty table until somebody asks for its workloads.
create schema if not exists bench;
create table if not exists bench.map_many (id bigint primary key, sector text, geom_3857 geometry(Point, 3857));
create index if not exists map_many_geom on bench.map_many using gist (geom_3857);
