-- Points with three fields from a fixed sequence, in one statement: two million rows of Python objects would take minutes.
truncate official.{layer} cascade;
select setseed(0.5);
insert into official.{layer} (code, sector, geom, created_by, updated_by)
select 'D' || i, (array['thuy_san', 'det_may', 'giay', 'xi_mang', 'y_te', 'chan_nuoi'])[1 + i % 6],
  ST_Point({west} + ({east} - {west}) * random(), {south} + ({north} - {south}) * random(), 4326), 'bench', 'bench'
from generate_series(1, {count}) i;
