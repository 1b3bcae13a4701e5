<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: MIT -->
<StyledLayerDescriptor xmlns="http://www.opengis.net/sld" xmlns:se="http://www.opengis.net/se" xmlns:ogc="http://www.opengis.net/ogc" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1.0">
  <NamedLayer>
    <se:Name>rivers</se:Name>
    <UserStyle>
      <se:Name>rivers</se:Name>
      <se:Description><se:Title>Sông, kênh, rạch | Rivers and canals</se:Title></se:Description>
      <se:FeatureTypeStyle>
        <se:Rule>
          <se:Name>river</se:Name>
          <se:Description><se:Title>Sông | River</se:Title></se:Description>
          <ogc:Filter>
            <ogc:PropertyIsEqualTo><ogc:PropertyName>kind</ogc:PropertyName><ogc:Literal>song</ogc:Literal></ogc:PropertyIsEqualTo>
          </ogc:Filter>
          <se:MaxScaleDenominator>500000</se:MaxScaleDenominator>
          <se:LineSymbolizer>
            <se:Stroke><se:SvgParameter name="stroke">#8fc0d6</se:SvgParameter><se:SvgParameter name="stroke-width">3.2</se:SvgParameter><se:SvgParameter name="stroke-linejoin">round</se:SvgParameter><se:SvgParameter name="stroke-linecap">round</se:SvgParameter></se:Stroke>
          </se:LineSymbolizer>
        </se:Rule>
        <se:Rule>
          <se:Name>river_mid</se:Name>
          <ogc:Filter>
            <ogc:PropertyIsEqualTo><ogc:PropertyName>kind</ogc:PropertyName><ogc:Literal>song</ogc:Literal></ogc:PropertyIsEqualTo>
          </ogc:Filter>
          <se:MinScaleDenominator>500000</se:MinScaleDenominator>
          <se:MaxScaleDenominator>2500000</se:MaxScaleDenominator>
          <se:LineSymbolizer>
            <se:Stroke><se:SvgParameter name="stroke">#8fc0d6</se:SvgParameter><se:SvgParameter name="stroke-width">2</se:SvgParameter><se:SvgParameter name="stroke-linejoin">round</se:SvgParameter><se:SvgParameter name="stroke-linecap">round</se:SvgParameter></se:Stroke>
          </se:LineSymbolizer>
          <se:VendorOption name="inclusion">mapOnly</se:VendorOption>
        </se:Rule>
        <se:Rule>
          <se:Name>river_far</se:Name>
          <ogc:Filter>
            <ogc:PropertyIsEqualTo><ogc:PropertyName>kind</ogc:PropertyName><ogc:Literal>song</ogc:Literal></ogc:PropertyIsEqualTo>
          </ogc:Filter>
          <se:MinScaleDenominator>2500000</se:MinScaleDenominator>
          <se:LineSymbolizer>
            <se:Stroke><se:SvgParameter name="stroke">#9ac8dc</se:SvgParameter><se:SvgParameter name="stroke-width">1</se:SvgParameter><se:SvgParameter name="stroke-linejoin">round</se:SvgParameter><se:SvgParameter name="stroke-linecap">round</se:SvgParameter></se:Stroke>
          </se:LineSymbolizer>
          <se:VendorOption name="inclusion">mapOnly</se:VendorOption>
        </se:Rule>
        <se:Rule>
          <se:Name>canal</se:Name>
          <se:Description><se:Title>Kênh, rạch | Canal, creek</se:Title></se:Description>
          <ogc:Filter>
            <ogc:Not>
              <ogc:PropertyIsEqualTo><ogc:PropertyName>kind</ogc:PropertyName><ogc:Literal>song</ogc:Literal></ogc:PropertyIsEqualTo>
            </ogc:Not>
          </ogc:Filter>
          <se:MaxScaleDenominator>500000</se:MaxScaleDenominator>
          <se:LineSymbolizer>
            <se:Stroke><se:SvgParameter name="stroke">#8fc0d6</se:SvgParameter><se:SvgParameter name="stroke-width">1.5</se:SvgParameter><se:SvgParameter name="stroke-linejoin">round</se:SvgParameter><se:SvgParameter name="stroke-linecap">round</se:SvgParameter></se:Stroke>
          </se:LineSymbolizer>
        </se:Rule>
        <se:Rule>
          <se:Name>canal_mid</se:Name>
          <ogc:Filter>
            <ogc:Not>
              <ogc:PropertyIsEqualTo><ogc:PropertyName>kind</ogc:PropertyName><ogc:Literal>song</ogc:Literal></ogc:PropertyIsEqualTo>
            </ogc:Not>
          </ogc:Filter>
          <se:MinScaleDenominator>500000</se:MinScaleDenominator>
          <se:MaxScaleDenominator>1300000</se:MaxScaleDenominator>
          <se:LineSymbolizer>
            <se:Stroke><se:SvgParameter name="stroke">#9ac8dc</se:SvgParameter><se:SvgParameter name="stroke-width">0.8</se:SvgParameter><se:SvgParameter name="stroke-linejoin">round</se:SvgParameter><se:SvgParameter name="stroke-linecap">round</se:SvgParameter></se:Stroke>
          </se:LineSymbolizer>
          <se:VendorOption name="inclusion">mapOnly</se:VendorOption>
        </se:Rule>
      </se:FeatureTypeStyle>
      <se:FeatureTypeStyle>
        <se:Rule>
          <se:Name>river_label</se:Name>
          <ogc:Filter>
            <ogc:PropertyIsEqualTo><ogc:PropertyName>kind</ogc:PropertyName><ogc:Literal>song</ogc:Literal></ogc:PropertyIsEqualTo>
          </ogc:Filter>
          <se:MaxScaleDenominator>800000</se:MaxScaleDenominator>
          <se:TextSymbolizer>
            <se:Label><ogc:PropertyName>name</ogc:PropertyName></se:Label>
            <se:Font><se:SvgParameter name="font-family">Be Vietnam Pro</se:SvgParameter><se:SvgParameter name="font-size">11</se:SvgParameter><se:SvgParameter name="font-style">italic</se:SvgParameter></se:Font>
            <se:LabelPlacement>
              <se:LinePlacement>
                <se:IsRepeated>true</se:IsRepeated>
                <se:Gap>320</se:Gap>
              </se:LinePlacement>
            </se:LabelPlacement>
            <se:Halo><se:Radius>1.2</se:Radius><se:Fill><se:SvgParameter name="fill">#ffffff</se:SvgParameter></se:Fill></se:Halo>
            <se:Fill><se:SvgParameter name="fill">#2f6f8c</se:SvgParameter></se:Fill>
          </se:TextSymbolizer>
        </se:Rule>
        <se:Rule>
          <se:Name>canal_label</se:Name>
          <ogc:Filter>
            <ogc:Not>
              <ogc:PropertyIsEqualTo><ogc:PropertyName>kind</ogc:PropertyName><ogc:Literal>song</ogc:Literal></ogc:PropertyIsEqualTo>
            </ogc:Not>
          </ogc:Filter>
          <se:MaxScaleDenominator>150000</se:MaxScaleDenominator>
          <se:TextSymbolizer>
            <se:Label><ogc:PropertyName>name</ogc:PropertyName></se:Label>
            <se:Font><se:SvgParameter name="font-family">Be Vietnam Pro</se:SvgParameter><se:SvgParameter name="font-size">10</se:SvgParameter><se:SvgParameter name="font-style">italic</se:SvgParameter></se:Font>
            <se:LabelPlacement>
              <se:LinePlacement>
                <se:IsRepeated>true</se:IsRepeated>
                <se:Gap>320</se:Gap>
              </se:LinePlacement>
            </se:LabelPlacement>
            <se:Halo><se:Radius>1.2</se:Radius><se:Fill><se:SvgParameter name="fill">#ffffff</se:SvgParameter></se:Fill></se:Halo>
            <se:Fill><se:SvgParameter name="fill">#2f6f8c</se:SvgParameter></se:Fill>
          </se:TextSymbolizer>
        </se:Rule>
      </se:FeatureTypeStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
