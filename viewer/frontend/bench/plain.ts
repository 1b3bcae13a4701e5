// SPDX-License-Identifier: MIT
// A plain OpenLayers map of vector tiles, to compare our map with: `window.XANH_PLAIN` names the layer, the place and the zoom.
import MVT from "ol/format/MVT.js";
import VectorTileLayer from "ol/layer/VectorTile.js";
import OlMap from "ol/Map.js";
import { fromLonLat } from "ol/proj.js";
import VectorTileSource from "ol/source/VectorTile.js";
import CircleStyle from "ol/style/Circle.js";
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import { createXYZ } from "ol/tilegrid.js";
import View from "ol/View.js";

interface Wish {
  layer: string;
  lon: number;
  lat: number;
  zoom: number;
}

const { layer, lon, lat, zoom } = (window as unknown as { XANH_PLAIN: Wish }).XANH_PLAIN;
const source = new VectorTileSource({
  format: new MVT(),
  url: `/tiles/${layer}/{z}/{x}/{y}.mvt`,
  tileGrid: createXYZ({ tileSize: 512, maxZoom: 20 }),
});
const style = new Style({ image: new CircleStyle({ radius: 3, fill: new Fill({ color: "#c0392b" }), stroke: new Stroke({ color: "#ffffff", width: 1 }) }) });
// The zoom of our addresses is that of tiles of 512 pixels, as the view reckons it.
const view = new View({ center: fromLonLat([lon, lat]), zoom });
new OlMap({ target: "map", view, layers: [new VectorTileLayer({ source, style })] });
