<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: MIT -->
<StyledLayerDescriptor xmlns="http://www.opengis.net/sld" xmlns:se="http://www.opengis.net/se" xmlns:ogc="http://www.opengis.net/ogc" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1.0">
  <NamedLayer>
    <se:Name>discharge_points</se:Name>
    <UserStyle>
      <se:Name>discharge_points</se:Name>
      <se:Description><se:Title>Điểm xả thải | Discharge points</se:Title></se:Description>
      <se:FeatureTypeStyle>
        <se:Rule>
          <se:Name>wastewater</se:Name>
          <se:Description><se:Title>Nước thải | Wastewater</se:Title></se:Description>
          <ogc:Filter>
            <ogc:PropertyIsEqualTo><ogc:PropertyName>medium</ogc:PropertyName><ogc:Literal>wastewater</ogc:Literal></ogc:PropertyIsEqualTo>
          </ogc:Filter>
          <se:PointSymbolizer>
            <se:Graphic>
              <se:ExternalGraphic>
                <se:OnlineResource xlink:type="simple" xlink:href="assets/symbols/outfall_water.svg"/>
                <se:Format>image/svg+xml</se:Format>
              </se:ExternalGraphic>
              <se:Size>17</se:Size>
            </se:Graphic>
          </se:PointSymbolizer>
        </se:Rule>
        <se:Rule>
          <se:Name>emission</se:Name>
          <se:Description><se:Title>Khí thải | Stack emission</se:Title></se:Description>
          <ogc:Filter>
            <ogc:PropertyIsEqualTo><ogc:PropertyName>medium</ogc:PropertyName><ogc:Literal>emission</ogc:Literal></ogc:PropertyIsEqualTo>
          </ogc:Filter>
          <se:PointSymbolizer>
            <se:Graphic>
              <se:ExternalGraphic>
                <se:OnlineResource xlink:type="simple" xlink:href="assets/symbols/outfall_air.svg"/>
                <se:Format>image/svg+xml</se:Format>
              </se:ExternalGraphic>
              <se:Size>17</se:Size>
            </se:Graphic>
          </se:PointSymbolizer>
        </se:Rule>
        <se:Rule>
          <se:Name>other</se:Name>
          <se:Description><se:Title>Dòng thải khác | Other stream</se:Title></se:Description>
          <se:ElseFilter/>
          <se:PointSymbolizer>
            <se:Graphic>
              <se:Mark>
                <se:WellKnownName>triangle</se:WellKnownName>
                <se:Fill><se:SvgParameter name="fill">#6a4c93</se:SvgParameter></se:Fill>
                <se:Stroke><se:SvgParameter name="stroke">#ffffff</se:SvgParameter><se:SvgParameter name="stroke-width">1.5</se:SvgParameter></se:Stroke>
              </se:Mark>
              <se:Size>12</se:Size>
            </se:Graphic>
          </se:PointSymbolizer>
        </se:Rule>
      </se:FeatureTypeStyle>
      <se:FeatureTypeStyle>
        <se:Rule>
          <se:Name>label</se:Name>
          <se:MaxScaleDenominator>70000</se:MaxScaleDenominator>
          <se:TextSymbolizer>
            <se:Label><ogc:PropertyName>name</ogc:PropertyName></se:Label>
            <se:Font><se:SvgParameter name="font-family">Be Vietnam Pro</se:SvgParameter><se:SvgParameter name="font-size">10</se:SvgParameter><se:SvgParameter name="font-weight">500</se:SvgParameter></se:Font>
            <se:LabelPlacement>
              <se:PointPlacement>
                <se:AnchorPoint><se:AnchorPointX>0</se:AnchorPointX><se:AnchorPointY>0.5</se:AnchorPointY></se:AnchorPoint>
                <se:Displacement><se:DisplacementX>11</se:DisplacementX><se:DisplacementY>0</se:DisplacementY></se:Displacement>
              </se:PointPlacement>
            </se:LabelPlacement>
            <se:Halo><se:Radius>1.2</se:Radius><se:Fill><se:SvgParameter name="fill">#ffffff</se:SvgParameter></se:Fill></se:Halo>
            <se:Fill><se:SvgParameter name="fill">#4b3470</se:SvgParameter></se:Fill>
            <se:VendorOption name="autoWrap">150</se:VendorOption>
          </se:TextSymbolizer>
        </se:Rule>
      </se:FeatureTypeStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
