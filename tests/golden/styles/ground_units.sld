<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: MIT -->
<StyledLayerDescriptor version="1.1.0" xmlns="http://www.opengis.net/sld" xmlns:se="http://www.opengis.net/se" xmlns:ogc="http://www.opengis.net/ogc" xmlns:xlink="http://www.w3.org/1999/xlink">
  <NamedLayer>
    <se:Name>ground_units</se:Name>
    <UserStyle>
      <se:Name>ground_units</se:Name>
      <se:FeatureTypeStyle>
        <se:Rule><se:Name>buffer</se:Name><se:PointSymbolizer uom="http://www.opengeospatial.org/se/units/metre"><se:Graphic><se:Mark><se:WellKnownName>circle</se:WellKnownName><se:Fill><se:SvgParameter name="fill">#ef5350</se:SvgParameter><se:SvgParameter name="fill-opacity">0.3</se:SvgParameter></se:Fill><se:Stroke><se:SvgParameter name="stroke">#b71c1c</se:SvgParameter><se:SvgParameter name="stroke-width">60</se:SvgParameter></se:Stroke></se:Mark><se:Size>6000</se:Size></se:Graphic></se:PointSymbolizer></se:Rule>
        <se:Rule><se:Name>feet</se:Name><se:PointSymbolizer uom="http://www.opengeospatial.org/se/units/foot"><se:Graphic><se:Mark><se:WellKnownName>square</se:WellKnownName><se:Fill><se:SvgParameter name="fill">#283593</se:SvgParameter></se:Fill></se:Mark><se:Size>1640</se:Size></se:Graphic></se:PointSymbolizer></se:Rule>
        <se:Rule><se:Name>pixels</se:Name><se:PointSymbolizer><se:Graphic><se:Mark><se:WellKnownName>cross</se:WellKnownName><se:Fill><se:SvgParameter name="fill">#ffb300</se:SvgParameter></se:Fill></se:Mark><se:Size>3</se:Size></se:Graphic></se:PointSymbolizer></se:Rule>
      </se:FeatureTypeStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
