<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: MIT -->
<StyledLayerDescriptor xmlns="http://www.opengis.net/sld" xmlns:se="http://www.opengis.net/se" xmlns:ogc="http://www.opengis.net/ogc" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1.0">
  <NamedLayer>
    <se:Name>protected_areas</se:Name>
    <UserStyle>
      <se:Name>protected_areas</se:Name>
      <se:Description><se:Title>Khu bảo tồn | Protected areas</se:Title></se:Description>
      <se:FeatureTypeStyle>
        <se:Rule>
          <se:Name>ramsar</se:Name>
          <se:Description><se:Title>Khu Ramsar | Ramsar site</se:Title></se:Description>
          <ogc:Filter>
            <ogc:PropertyIsEqualTo><ogc:PropertyName>designation</ogc:PropertyName><ogc:Literal>ramsar</ogc:Literal></ogc:PropertyIsEqualTo>
          </ogc:Filter>
          <se:PolygonSymbolizer>
            <se:Fill><se:SvgParameter name="fill">#3c8f7c</se:SvgParameter><se:SvgParameter name="fill-opacity">0.28</se:SvgParameter></se:Fill>
            <se:Stroke><se:SvgParameter name="stroke">#1f6e5c</se:SvgParameter><se:SvgParameter name="stroke-width">1.6</se:SvgParameter></se:Stroke>
          </se:PolygonSymbolizer>
        </se:Rule>
        <se:Rule>
          <se:Name>biosphere</se:Name>
          <se:Description><se:Title>Khu dự trữ sinh quyển | Biosphere reserve</se:Title></se:Description>
          <ogc:Filter>
            <ogc:PropertyIsEqualTo><ogc:PropertyName>designation</ogc:PropertyName><ogc:Literal>biosphere</ogc:Literal></ogc:PropertyIsEqualTo>
          </ogc:Filter>
          <se:PolygonSymbolizer>
            <se:Fill><se:SvgParameter name="fill">#8fbf6a</se:SvgParameter><se:SvgParameter name="fill-opacity">0.22</se:SvgParameter></se:Fill>
            <se:Stroke><se:SvgParameter name="stroke">#55803a</se:SvgParameter><se:SvgParameter name="stroke-width">1.4</se:SvgParameter><se:SvgParameter name="stroke-dasharray">6 3</se:SvgParameter></se:Stroke>
          </se:PolygonSymbolizer>
        </se:Rule>
        <se:Rule>
          <se:Name>world_heritage</se:Name>
          <se:Description><se:Title>Di sản thiên nhiên thế giới | Natural World Heritage</se:Title></se:Description>
          <ogc:Filter>
            <ogc:PropertyIsEqualTo><ogc:PropertyName>designation</ogc:PropertyName><ogc:Literal>world_heritage</ogc:Literal></ogc:PropertyIsEqualTo>
          </ogc:Filter>
          <se:PolygonSymbolizer>
            <se:Fill><se:SvgParameter name="fill">#b79a3e</se:SvgParameter><se:SvgParameter name="fill-opacity">0.24</se:SvgParameter></se:Fill>
            <se:Stroke><se:SvgParameter name="stroke">#856d1c</se:SvgParameter><se:SvgParameter name="stroke-width">1.6</se:SvgParameter></se:Stroke>
          </se:PolygonSymbolizer>
        </se:Rule>
        <se:Rule>
          <se:Name>other</se:Name>
          <se:Description><se:Title>Khu bảo tồn khác | Other protected area</se:Title></se:Description>
          <se:ElseFilter/>
          <se:PolygonSymbolizer>
            <se:Fill><se:SvgParameter name="fill">#5f9e55</se:SvgParameter><se:SvgParameter name="fill-opacity">0.24</se:SvgParameter></se:Fill>
            <se:Stroke><se:SvgParameter name="stroke">#2f7d32</se:SvgParameter><se:SvgParameter name="stroke-width">1.4</se:SvgParameter></se:Stroke>
          </se:PolygonSymbolizer>
        </se:Rule>
      </se:FeatureTypeStyle>
      <se:FeatureTypeStyle>
        <se:Rule>
          <se:Name>label</se:Name>
          <se:MaxScaleDenominator>2500000</se:MaxScaleDenominator>
          <se:TextSymbolizer>
            <se:Label><ogc:PropertyName>name</ogc:PropertyName></se:Label>
            <se:Font><se:SvgParameter name="font-family">Be Vietnam Pro</se:SvgParameter><se:SvgParameter name="font-size">11</se:SvgParameter><se:SvgParameter name="font-weight">500</se:SvgParameter><se:SvgParameter name="font-style">italic</se:SvgParameter></se:Font>
            <se:LabelPlacement>
              <se:PointPlacement>
                <se:AnchorPoint><se:AnchorPointX>0.5</se:AnchorPointX><se:AnchorPointY>0.5</se:AnchorPointY></se:AnchorPoint>
              </se:PointPlacement>
            </se:LabelPlacement>
            <se:Halo><se:Radius>1.2</se:Radius><se:Fill><se:SvgParameter name="fill">#ffffff</se:SvgParameter></se:Fill></se:Halo>
            <se:Fill><se:SvgParameter name="fill">#1f5722</se:SvgParameter></se:Fill>
            <se:VendorOption name="autoWrap">130</se:VendorOption>
            <se:VendorOption name="spaceAround">4</se:VendorOption>
          </se:TextSymbolizer>
        </se:Rule>
      </se:FeatureTypeStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
