-- Points with names as people give them: words nearly every name holds, words some hold, one that few hold, and a number.
-- The history of rows nobody edits would double the work: its triggers rest while they are made.
truncate official.bench_names cascade;
alter table official.bench_names disable trigger user;
insert into official.bench_names (code, name, address, sector, geom, created_by, updated_by)
select 'N' || lpad(i::text, 7, '0'),
  (array['Cơ sở', 'Cơ sở', 'Công ty TNHH', 'Trang trại', 'Nhà máy'])[1 + i % 5] || ' '
    || (array['chế biến thủy sản', 'dệt may', 'sản xuất giấy', 'xi măng', 'chăn nuôi heo', 'xay xát lúa gạo', 'cơ khí'])[1 + i % 7] || ' '
    || case when i % 40000 = 17 then 'Gò Công' else (array['Tân Hội', 'Bình Minh', 'Phú Thạnh', 'Long Hòa', 'Mỹ Phước'])[1 + i % 11 % 5] end
    || ' số ' || i,
  'Ấp ' || i % 40 || ', xã ' || (array['Tân Hội Đông', 'Long Định', 'Vĩnh Kim', 'Đồng Sơn'])[1 + i % 4] || ', huyện Châu Thành',
  (array['thuy_san', 'det_may', 'giay', 'xi_mang', 'y_te', 'chan_nuoi'])[1 + i % 6],
  ST_Point({west} + ({east} - {west}) * i / {count}, {south} + ({north} - {south}) * (i % 1000) / 1000, 4326), 'bench', 'bench'
from generate_series(1, {count}) i;
alter table official.bench_names enable trigger user;
