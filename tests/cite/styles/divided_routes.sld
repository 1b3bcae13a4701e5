<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: MIT -->
<StyledLayerDescriptor xmlns="http://www.opengis.net/sld" xmlns:se="http://www.opengis.net/se" version="1.1.0">
  <NamedLayer>
    <se:Name>divided_routes</se:Name>
    <UserStyle>
      <se:Name>divided_routes</se:Name>
      <se:Description><se:Title>divided_routes</se:Title></se:Description>
      <se:FeatureTypeStyle>
        <se:Rule>
          <se:Name>all</se:Name>
          <se:Description><se:Title>divided_routes</se:Title></se:Description>
          <se:LineSymbolizer>
            <se:Stroke><se:SvgParameter name="stroke">#ff8000</se:SvgParameter><se:SvgParameter name="stroke-width">3</se:SvgParameter></se:Stroke>
          </se:LineSymbolizer>
        </se:Rule>
      </se:FeatureTypeStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
