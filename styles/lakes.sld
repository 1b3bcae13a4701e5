<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: MIT -->
<StyledLayerDescriptor xmlns="http://www.opengis.net/sld" xmlns:se="http://www.opengis.net/se" xmlns:ogc="http://www.opengis.net/ogc" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1.0">
  <NamedLayer>
    <se:Name>lakes</se:Name>
    <UserStyle>
      <se:Name>lakes</se:Name>
      <se:Description><se:Title>Hồ và mặt nước | Lakes and water surfaces</se:Title></se:Description>
      <se:FeatureTypeStyle>
        <se:Rule>
          <se:Name>lake</se:Name>
          <se:Description><se:Title>Hồ, mặt nước | Lake, water surface</se:Title></se:Description>
          <se:PolygonSymbolizer>
            <se:Fill><se:SvgParameter name="fill">#cfe4ee</se:SvgParameter></se:Fill>
            <se:Stroke><se:SvgParameter name="stroke">#9ac8dc</se:SvgParameter><se:SvgParameter name="stroke-width">0.8</se:SvgParameter></se:Stroke>
          </se:PolygonSymbolizer>
        </se:Rule>
      </se:FeatureTypeStyle>
      <se:FeatureTypeStyle>
        <se:Rule>
          <se:Name>label</se:Name>
          <se:MaxScaleDenominator>400000</se:MaxScaleDenominator>
          <se:TextSymbolizer>
            <se:Label><ogc:PropertyName>name</ogc:PropertyName></se:Label>
            <se:Font><se:SvgParameter name="font-family">Be Vietnam Pro</se:SvgParameter><se:SvgParameter name="font-size">10</se:SvgParameter><se:SvgParameter name="font-style">italic</se:SvgParameter></se:Font>
            <se:LabelPlacement>
              <se:PointPlacement>
                <se:AnchorPoint><se:AnchorPointX>0.5</se:AnchorPointX><se:AnchorPointY>0.5</se:AnchorPointY></se:AnchorPoint>
              </se:PointPlacement>
            </se:LabelPlacement>
            <se:Halo><se:Radius>1.2</se:Radius><se:Fill><se:SvgParameter name="fill">#ffffff</se:SvgParameter></se:Fill></se:Halo>
            <se:Fill><se:SvgParameter name="fill">#2f6f8c</se:SvgParameter></se:Fill>
            <se:VendorOption name="autoWrap">80</se:VendorOption>
          </se:TextSymbolizer>
        </se:Rule>
      </se:FeatureTypeStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
