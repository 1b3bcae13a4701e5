drop index bench.map_many_geom;
truncate bench.map_many;
insert into bench.map_many select id, sector, geom_3857 from published.bench_many order by id;
create index map_many_geom on bench.map_many using gist (geom_3857);
analyze bench.map_many;
