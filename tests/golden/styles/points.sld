<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: MIT -->
<StyledLayerDescriptor version="1.1.0" xmlns="http://www.opengis.net/sld" xmlns:se="http://www.opengis.net/se" xmlns:ogc="http://www.opengis.net/ogc" xmlns:xlink="http://www.w3.org/1999/xlink">
  <NamedLayer>
    <se:Name>points</se:Name>
    <UserStyle>
      <se:Name>points</se:Name>
      <se:FeatureTypeStyle>
        <se:Rule><se:Name>driven</se:Name><se:PointSymbolizer><se:Graphic><se:Mark><se:WellKnownName>circle</se:WellKnownName><se:Fill><se:SvgParameter name="fill"><se:Interpolate fallbackValue="#888888" method="color"><se:LookupValue><ogc:PropertyName>wqi</ogc:PropertyName></se:LookupValue><se:InterpolationPoint><se:Data>20</se:Data><se:Value>#b30000</se:Value></se:InterpolationPoint><se:InterpolationPoint><se:Data>60</se:Data><se:Value>#ffd54f</se:Value></se:InterpolationPoint><se:InterpolationPoint><se:Data>95</se:Data><se:Value>#00695c</se:Value></se:InterpolationPoint></se:Interpolate></se:SvgParameter><se:SvgParameter name="fill-opacity">0.85</se:SvgParameter></se:Fill><se:Stroke><se:SvgParameter name="stroke">#ffffff</se:SvgParameter><se:SvgParameter name="stroke-width">1</se:SvgParameter></se:Stroke></se:Mark><se:Size><ogc:Add><ogc:Literal>4</ogc:Literal><ogc:Div><ogc:PropertyName>wqi</ogc:PropertyName><ogc:Literal>5</ogc:Literal></ogc:Div></ogc:Add></se:Size></se:Graphic></se:PointSymbolizer></se:Rule>
        <se:Rule><se:Name>picture</se:Name><ogc:Filter><ogc:PropertyIsEqualTo><ogc:PropertyName>kind</ogc:PropertyName><ogc:Literal>auto</ogc:Literal></ogc:PropertyIsEqualTo></ogc:Filter><se:PointSymbolizer><se:Graphic><se:ExternalGraphic><se:OnlineResource xlink:href="assets/symbols/outfall_water.svg"/><se:Format>image/svg+xml</se:Format></se:ExternalGraphic><se:Size>16</se:Size><se:Displacement><se:DisplacementX>0</se:DisplacementX><se:DisplacementY>14</se:DisplacementY></se:Displacement></se:Graphic></se:PointSymbolizer></se:Rule>
        <se:Rule><se:Name>turned</se:Name><se:PointSymbolizer><se:Graphic><se:Mark><se:WellKnownName>filled_arrowhead</se:WellKnownName><se:Fill><se:SvgParameter name="fill">#263238</se:SvgParameter></se:Fill></se:Mark><se:Size>8</se:Size><se:Rotation><ogc:Function name="modulo"><ogc:PropertyName>id</ogc:PropertyName><ogc:Literal>360</ogc:Literal></ogc:Function></se:Rotation><se:Displacement><se:DisplacementX>0</se:DisplacementX><se:DisplacementY>-12</se:DisplacementY></se:Displacement></se:Graphic></se:PointSymbolizer></se:Rule>
      </se:FeatureTypeStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
