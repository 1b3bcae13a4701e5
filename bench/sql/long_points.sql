-- Points for one long answer. The history of rows nobody edits would double the work: its triggers rest while they are made.
truncate official.bench_long cascade;
alter table official.bench_long disable trigger user;
insert into official.bench_long (code, sector, geom, created_by, updated_by)
select 'D' || i, (array['thuy_san', 'det_may', 'giay', 'xi_mang', 'y_te', 'chan_nuoi'])[1 + i % 6],
  ST_Point({west} + ({east} - {west}) * i / {count}, {south} + ({north} - {south}) * (i % 1000) / 1000, 4326), 'bench', 'bench'
from generate_series(1, {count}) i;
alter table official.bench_long enable trigger user;
