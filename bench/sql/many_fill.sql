-- The peers' table of the large layer, where it is empty: the layer may be older than the table.
do $$
begin
  if not exists (select from bench.map_many) then
    drop index if exists bench.map_many_geom;
    insert into bench.map_many select id, sector, geom_3857 from published.bench_many order by id;
    create index map_many_geom on bench.map_many using gist (geom_3857);
  end if;
end
$$;
analyze bench.map_many;
