<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: MIT -->
<StyledLayerDescriptor xmlns="http://www.opengis.net/sld" xmlns:se="http://www.opengis.net/se" xmlns:ogc="http://www.opengis.net/ogc" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1.0">
  <NamedLayer>
    <se:Name>neighbours_land</se:Name>
    <UserStyle>
      <se:Name>neighbours_land</se:Name>
      <se:Description><se:Title>Đất liền các nước lân cận | Land of neighbouring countries</se:Title></se:Description>
      <se:FeatureTypeStyle>
        <se:Rule>
          <se:Name>land</se:Name>
          <se:Description><se:Title>Đất liền nước lân cận | Land of a neighbouring country</se:Title></se:Description>
          <se:PolygonSymbolizer>
            <se:Fill><se:SvgParameter name="fill">#efece5</se:SvgParameter></se:Fill>
            <se:Stroke><se:SvgParameter name="stroke">#d9d3c7</se:SvgParameter><se:SvgParameter name="stroke-width">0.8</se:SvgParameter></se:Stroke>
          </se:PolygonSymbolizer>
        </se:Rule>
      </se:FeatureTypeStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
