# SPDX-License-Identifier: MIT
"""MapServer FastCGI, configured for speed: extents given, box filter written out, connections kept."""

from __future__ import annotations

from bench.peers.fastcgi import start_behind_nginx
from bench.peers.peer import Running, wfs_path, wms_paths
from bench.site import Site, wait_for
from bench.whole import whole_paths
from bench.workloads import Workload

PROGRAM = "/usr/lib/cgi-bin/mapserv"
MAPFILE = """MAP
 NAME "bench" SIZE 256 256 EXTENT 11600000 1000000 12200000 2500000 UNITS METERS IMAGECOLOR 255 255 255
 PROJECTION "init=epsg:3857" END
 WEB METADATA "ows_enable_request" "*" "ows_title" "bench" "ows_srs" "EPSG:3857 EPSG:4326" "ows_onlineresource" "http://127.0.0.1/"
  "wfs_getfeature_formatlist" "gml3,geojson" "wfs_maxfeatures" "1000000" END END
 OUTPUTFORMAT NAME "png" DRIVER AGG/PNG MIMETYPE "image/png" IMAGEMODE RGB EXTENSION "png" END
 OUTPUTFORMAT NAME "geojson" DRIVER "OGR/GEOJSON" MIMETYPE "application/json" FORMATOPTION "STORAGE=stream" FORMATOPTION "FORM=simple" END
 SYMBOL NAME "circle" TYPE ELLIPSE POINTS 1 1 END FILLED TRUE END
 LAYER NAME "bench_points" TYPE POINT STATUS ON {connection} DATA "geom from bench.bench_points using unique id using srid=4326"
  PROJECTION "init=epsg:4326" END
  METADATA "gml_include_items" "all" "gml_featureid" "id" "ows_title" "points" "ows_extent" "104.5 9 109.5 22" END TEMPLATE "x"
 END
 LAYER NAME "map_zones" TYPE POLYGON STATUS ON {connection}
  DATA "geom_3857 from (select id, kind, geom_3857 from bench.map_zones where geom_3857 && !BOX!) t using unique id using srid=3857"
  PROJECTION "init=epsg:3857" END
  METADATA "ows_title" "zones" "ows_extent" "11600000 1000000 12200000 2500000" END
  CLASSITEM "kind"
  CLASS NAME "a" EXPRESSION "vqg" STYLE COLOR 30 160 80 OUTLINECOLOR 10 80 40 END END
  CLASS NAME "c" STYLE COLOR 120 200 120 OUTLINECOLOR 10 80 40 END END
 END
 LAYER NAME "map_points" TYPE POINT STATUS ON {connection}
  DATA "geom_3857 from (select id, sector, geom_3857 from bench.map_points where geom_3857 && !BOX!) t using unique id using srid=3857"
  PROJECTION "init=epsg:3857" END
  METADATA "ows_title" "points" "ows_extent" "11600000 1000000 12200000 2500000" END
  CLASSITEM "sector"
  CLASS NAME "a" EXPRESSION "thuy_san" STYLE SYMBOL "circle" SIZE 7 COLOR 30 120 200 OUTLINECOLOR 255 255 255 END END
  CLASS NAME "b" EXPRESSION "det_may" STYLE SYMBOL "circle" SIZE 7 COLOR 200 120 30 OUTLINECOLOR 255 255 255 END END
  CLASS NAME "c" STYLE SYMBOL "circle" SIZE 7 COLOR 20 160 80 OUTLINECOLOR 255 255 255 END END
 END
 LAYER NAME "map_many" TYPE POINT STATUS ON {connection}
  DATA "geom_3857 from (select id, sector, geom_3857 from bench.map_many where geom_3857 && !BOX!) t using unique id using srid=3857"
  PROJECTION "init=epsg:3857" END
  METADATA "ows_title" "many" "ows_extent" "11600000 1000000 12200000 2500000" END
  CLASSITEM "sector"
  CLASS NAME "a" EXPRESSION "thuy_san" STYLE SYMBOL "circle" SIZE 7 COLOR 30 120 200 OUTLINECOLOR 255 255 255 END END
  CLASS NAME "b" EXPRESSION "det_may" STYLE SYMBOL "circle" SIZE 7 COLOR 200 120 30 OUTLINECOLOR 255 255 255 END END
  CLASS NAME "c" STYLE SYMBOL "circle" SIZE 7 COLOR 20 160 80 OUTLINECOLOR 255 255 255 END END
 END
END
"""


def start(site: Site) -> Running:
    """Write the map file and start two processes. Raises AbsentError."""
    login = site.login
    connection = f"host={login.host} port={login.port} user={login.user} password={login.password} dbname={login.dbname}"
    described = f'CONNECTIONTYPE POSTGIS CONNECTION "{connection}" PROCESSING "CLOSE_CONNECTION=DEFER"'
    mapfile, config = site.folder / "bench.map", site.folder / "mapserver-config.conf"
    mapfile.write_text(MAPFILE.format(connection=described), encoding="utf-8")
    config.write_text('CONFIG\n ENV\n  "MS_MAP_PATTERN" "."\n END\n MAPS\n END\nEND\n', encoding="utf-8")
    environment = {"MAPSERVER_CONFIG_FILE": str(config), "MS_MAPFILE": str(mapfile)}
    port, process = start_behind_nginx(site, "mapserver", PROGRAM, environment)
    beginning = f"/mapserv?map={mapfile}&"
    wait_for(port, f"{beginning}SERVICE=WMS&VERSION=1.1.1&REQUEST=GetCapabilities", process)

    def paths(workload: Workload) -> list[str]:
        if workload.kind == "whole":
            return whole_paths(beginning, "map_many")
        if workload.kind == "map":
            return wms_paths(beginning, "map_zones,map_points", workload)
        return [wfs_path(beginning, "bench_points", workload, "geojson")]

    return Running("mapserver", port, process, paths, frozenset({"gml", "wfs-json", "map", "whole"}))
