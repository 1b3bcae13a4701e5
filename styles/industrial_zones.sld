<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: MIT -->
<StyledLayerDescriptor xmlns="http://www.opengis.net/sld" xmlns:se="http://www.opengis.net/se" xmlns:ogc="http://www.opengis.net/ogc" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1.0">
  <NamedLayer>
    <se:Name>industrial_zones</se:Name>
    <UserStyle>
      <se:Name>industrial_zones</se:Name>
      <se:Description><se:Title>Khu, cụm công nghiệp | Industrial zones and clusters</se:Title></se:Description>
      <se:FeatureTypeStyle>
        <se:Rule>
          <se:Name>zone</se:Name>
          <se:Description><se:Title>Khu công nghiệp, khu kinh tế | Industrial park, economic zone</se:Title></se:Description>
          <ogc:Filter>
            <ogc:Not>
              <ogc:PropertyIsEqualTo><ogc:PropertyName>kind</ogc:PropertyName><ogc:Literal>CCN</ogc:Literal></ogc:PropertyIsEqualTo>
            </ogc:Not>
          </ogc:Filter>
          <se:PolygonSymbolizer>
            <se:Fill><se:SvgParameter name="fill">#b4540a</se:SvgParameter><se:SvgParameter name="fill-opacity">0.22</se:SvgParameter></se:Fill>
            <se:Stroke><se:SvgParameter name="stroke">#8a3f06</se:SvgParameter><se:SvgParameter name="stroke-width">1.6</se:SvgParameter></se:Stroke>
          </se:PolygonSymbolizer>
        </se:Rule>
        <se:Rule>
          <se:Name>cluster</se:Name>
          <se:Description><se:Title>Cụm công nghiệp | Industrial cluster</se:Title></se:Description>
          <ogc:Filter>
            <ogc:PropertyIsEqualTo><ogc:PropertyName>kind</ogc:PropertyName><ogc:Literal>CCN</ogc:Literal></ogc:PropertyIsEqualTo>
          </ogc:Filter>
          <se:PolygonSymbolizer>
            <se:Fill><se:SvgParameter name="fill">#d08a3c</se:SvgParameter><se:SvgParameter name="fill-opacity">0.22</se:SvgParameter></se:Fill>
            <se:Stroke><se:SvgParameter name="stroke">#a8651a</se:SvgParameter><se:SvgParameter name="stroke-width">1.4</se:SvgParameter><se:SvgParameter name="stroke-dasharray">5 3</se:SvgParameter></se:Stroke>
          </se:PolygonSymbolizer>
        </se:Rule>
        <se:Rule>
          <se:Name>planned</se:Name>
          <se:Description><se:Title>Đang quy hoạch | Planned</se:Title></se:Description>
          <ogc:Filter>
            <ogc:PropertyIsEqualTo><ogc:PropertyName>status</ogc:PropertyName><ogc:Literal>planned</ogc:Literal></ogc:PropertyIsEqualTo>
          </ogc:Filter>
          <se:PolygonSymbolizer>
            <se:Fill><se:GraphicFill><se:Graphic><se:Mark><se:WellKnownName>slash</se:WellKnownName><se:Stroke><se:SvgParameter name="stroke">#8a3f06</se:SvgParameter><se:SvgParameter name="stroke-width">1</se:SvgParameter></se:Stroke></se:Mark><se:Size>7</se:Size></se:Graphic></se:GraphicFill></se:Fill>
          </se:PolygonSymbolizer>
        </se:Rule>
      </se:FeatureTypeStyle>
      <se:FeatureTypeStyle>
        <se:Rule>
          <se:Name>far</se:Name>
          <se:MinScaleDenominator>700000</se:MinScaleDenominator>
          <se:PointSymbolizer>
            <se:Graphic>
              <se:Mark>
                <se:WellKnownName>square</se:WellKnownName>
                <se:Fill><se:SvgParameter name="fill">#b4540a</se:SvgParameter></se:Fill>
                <se:Stroke><se:SvgParameter name="stroke">#ffffff</se:SvgParameter><se:SvgParameter name="stroke-width">1.2</se:SvgParameter></se:Stroke>
              </se:Mark>
              <se:Size>8</se:Size>
            </se:Graphic>
          </se:PointSymbolizer>
          <se:VendorOption name="inclusion">mapOnly</se:VendorOption>
        </se:Rule>
        <se:Rule>
          <se:Name>label</se:Name>
          <se:MaxScaleDenominator>300000</se:MaxScaleDenominator>
          <se:TextSymbolizer>
            <se:Label><ogc:PropertyName>name</ogc:PropertyName></se:Label>
            <se:Font><se:SvgParameter name="font-family">Be Vietnam Pro</se:SvgParameter><se:SvgParameter name="font-size">10</se:SvgParameter><se:SvgParameter name="font-weight">500</se:SvgParameter></se:Font>
            <se:LabelPlacement>
              <se:PointPlacement>
                <se:AnchorPoint><se:AnchorPointX>0.5</se:AnchorPointX><se:AnchorPointY>0.5</se:AnchorPointY></se:AnchorPoint>
              </se:PointPlacement>
            </se:LabelPlacement>
            <se:Halo><se:Radius>1.2</se:Radius><se:Fill><se:SvgParameter name="fill">#ffffff</se:SvgParameter></se:Fill></se:Halo>
            <se:Fill><se:SvgParameter name="fill">#6b3205</se:SvgParameter></se:Fill>
            <se:VendorOption name="autoWrap">120</se:VendorOption>
          </se:TextSymbolizer>
        </se:Rule>
      </se:FeatureTypeStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
