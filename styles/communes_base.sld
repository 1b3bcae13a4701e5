<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: MIT -->
<StyledLayerDescriptor xmlns="http://www.opengis.net/sld" xmlns:se="http://www.opengis.net/se" xmlns:ogc="http://www.opengis.net/ogc" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1.0">
  <NamedLayer>
    <se:Name>communes</se:Name>
    <UserStyle>
      <se:Name>communes_base</se:Name>
      <se:Description><se:Title>Nền các xã của tỉnh | Land of the communes of the province</se:Title></se:Description>
      <se:FeatureTypeStyle>
        <se:Rule>
          <se:Name>land</se:Name>
          <se:Description><se:Title>Đất trong tỉnh | Land of the province</se:Title></se:Description>
          <se:PolygonSymbolizer>
            <se:Fill><se:SvgParameter name="fill">#f9f7f2</se:SvgParameter></se:Fill>
          </se:PolygonSymbolizer>
        </se:Rule>
      </se:FeatureTypeStyle>
      <se:FeatureTypeStyle>
        <se:Rule>
          <se:Name>commune</se:Name>
          <se:Description><se:Title>Ranh giới xã, phường, đặc khu | Commune, ward or special zone boundary</se:Title></se:Description>
          <se:MaxScaleDenominator>900000</se:MaxScaleDenominator>
          <se:LineSymbolizer>
            <se:Stroke><se:SvgParameter name="stroke">#c9c0b2</se:SvgParameter><se:SvgParameter name="stroke-width">0.9</se:SvgParameter><se:SvgParameter name="stroke-linejoin">round</se:SvgParameter><se:SvgParameter name="stroke-linecap">round</se:SvgParameter></se:Stroke>
          </se:LineSymbolizer>
        </se:Rule>
        <se:Rule>
          <se:Name>commune_far</se:Name>
          <se:MinScaleDenominator>900000</se:MinScaleDenominator>
          <se:MaxScaleDenominator>4500000</se:MaxScaleDenominator>
          <se:LineSymbolizer>
            <se:Stroke><se:SvgParameter name="stroke">#c9c0b2</se:SvgParameter><se:SvgParameter name="stroke-width">0.5</se:SvgParameter><se:SvgParameter name="stroke-linejoin">round</se:SvgParameter><se:SvgParameter name="stroke-linecap">round</se:SvgParameter></se:Stroke>
          </se:LineSymbolizer>
          <se:VendorOption name="inclusion">mapOnly</se:VendorOption>
        </se:Rule>
      </se:FeatureTypeStyle>
      <se:FeatureTypeStyle>
        <se:Rule>
          <se:Name>label</se:Name>
          <se:MaxScaleDenominator>150000</se:MaxScaleDenominator>
          <se:TextSymbolizer>
            <se:Label><ogc:PropertyName>name</ogc:PropertyName></se:Label>
            <se:Font><se:SvgParameter name="font-family">Be Vietnam Pro</se:SvgParameter><se:SvgParameter name="font-size">10</se:SvgParameter></se:Font>
            <se:LabelPlacement>
              <se:PointPlacement>
                <se:AnchorPoint><se:AnchorPointX>0.5</se:AnchorPointX><se:AnchorPointY>0.5</se:AnchorPointY></se:AnchorPoint>
              </se:PointPlacement>
            </se:LabelPlacement>
            <se:Halo><se:Radius>1.2</se:Radius><se:Fill><se:SvgParameter name="fill">#ffffff</se:SvgParameter></se:Fill></se:Halo>
            <se:Fill><se:SvgParameter name="fill">#857a69</se:SvgParameter></se:Fill>
            <se:VendorOption name="autoWrap">90</se:VendorOption>
            <se:VendorOption name="maxDisplacement">22</se:VendorOption>
            <se:VendorOption name="spaceAround">6</se:VendorOption>
          </se:TextSymbolizer>
        </se:Rule>
      </se:FeatureTypeStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
