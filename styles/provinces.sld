<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: MIT -->
<StyledLayerDescriptor xmlns="http://www.opengis.net/sld" xmlns:se="http://www.opengis.net/se" xmlns:ogc="http://www.opengis.net/ogc" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1.0">
  <NamedLayer>
    <se:Name>provinces</se:Name>
    <UserStyle>
      <se:Name>provinces</se:Name>
      <se:Description><se:Title>Ranh giới tỉnh | Province boundaries</se:Title></se:Description>
      <se:FeatureTypeStyle>
        <se:Rule>
          <se:Name>province</se:Name>
          <se:Description><se:Title>Ranh giới tỉnh, thành phố | Province or city boundary</se:Title></se:Description>
          <se:MaxScaleDenominator>3000000</se:MaxScaleDenominator>
          <se:LineSymbolizer>
            <se:Stroke><se:SvgParameter name="stroke">#8f8576</se:SvgParameter><se:SvgParameter name="stroke-width">1.8</se:SvgParameter><se:SvgParameter name="stroke-linejoin">round</se:SvgParameter><se:SvgParameter name="stroke-linecap">round</se:SvgParameter></se:Stroke>
          </se:LineSymbolizer>
        </se:Rule>
        <se:Rule>
          <se:Name>province_far</se:Name>
          <se:MinScaleDenominator>3000000</se:MinScaleDenominator>
          <se:MaxScaleDenominator>10000000</se:MaxScaleDenominator>
          <se:LineSymbolizer>
            <se:Stroke><se:SvgParameter name="stroke">#8f8576</se:SvgParameter><se:SvgParameter name="stroke-width">0.8</se:SvgParameter><se:SvgParameter name="stroke-linejoin">round</se:SvgParameter><se:SvgParameter name="stroke-linecap">round</se:SvgParameter></se:Stroke>
          </se:LineSymbolizer>
          <se:VendorOption name="inclusion">mapOnly</se:VendorOption>
        </se:Rule>
        <se:Rule>
          <se:Name>province_farther</se:Name>
          <se:MinScaleDenominator>10000000</se:MinScaleDenominator>
          <se:LineSymbolizer>
            <se:Stroke><se:SvgParameter name="stroke">#8f8576</se:SvgParameter><se:SvgParameter name="stroke-width">0.4</se:SvgParameter><se:SvgParameter name="stroke-linejoin">round</se:SvgParameter><se:SvgParameter name="stroke-linecap">round</se:SvgParameter></se:Stroke>
          </se:LineSymbolizer>
          <se:VendorOption name="inclusion">mapOnly</se:VendorOption>
        </se:Rule>
      </se:FeatureTypeStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
