<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: MIT -->
<StyledLayerDescriptor version="1.1.0" xmlns="http://www.opengis.net/sld" xmlns:se="http://www.opengis.net/se" xmlns:ogc="http://www.opengis.net/ogc" xmlns:xlink="http://www.w3.org/1999/xlink">
  <NamedLayer>
    <se:Name>rules</se:Name>
    <UserStyle>
      <se:Name>rules</se:Name>
      <se:FeatureTypeStyle>
        <se:Rule><se:Name>first</se:Name><ogc:Filter><ogc:PropertyIsLike wildCard="*" singleChar="." escapeChar="!" matchCase="false"><ogc:PropertyName>name</ogc:PropertyName><ogc:Literal>*an*</ogc:Literal></ogc:PropertyIsLike></ogc:Filter><se:PolygonSymbolizer><se:Fill><se:SvgParameter name="fill">#c8e6c9</se:SvgParameter></se:Fill></se:PolygonSymbolizer></se:Rule>
        <se:Rule><se:Name>second</se:Name><ogc:Filter><ogc:PropertyIsGreaterThan><ogc:Function name="strLength"><ogc:PropertyName>name</ogc:PropertyName></ogc:Function><ogc:Literal>10</ogc:Literal></ogc:PropertyIsGreaterThan></ogc:Filter><se:PolygonSymbolizer><se:Fill><se:SvgParameter name="fill">#ffccbc</se:SvgParameter></se:Fill></se:PolygonSymbolizer></se:Rule>
        <se:Rule><se:Name>far</se:Name><se:MaxScaleDenominator>1000</se:MaxScaleDenominator><se:PolygonSymbolizer><se:Fill><se:SvgParameter name="fill">#000000</se:SvgParameter></se:Fill></se:PolygonSymbolizer></se:Rule>
        <se:Rule><se:Name>else</se:Name><se:ElseFilter/><se:PolygonSymbolizer><se:Fill><se:SvgParameter name="fill">#cfd8dc</se:SvgParameter></se:Fill></se:PolygonSymbolizer></se:Rule>
        <se:Rule><se:Name>edge</se:Name><ogc:Filter><ogc:Or><ogc:PropertyIsNull><ogc:PropertyName>name</ogc:PropertyName></ogc:PropertyIsNull><ogc:PropertyIsNotEqualTo><ogc:PropertyName>name</ogc:PropertyName><ogc:Literal>x</ogc:Literal></ogc:PropertyIsNotEqualTo></ogc:Or></ogc:Filter><se:PolygonSymbolizer><se:Stroke><se:SvgParameter name="stroke">#607d8b</se:SvgParameter><se:SvgParameter name="stroke-width">0.8</se:SvgParameter></se:Stroke></se:PolygonSymbolizer></se:Rule>
        <se:VendorOption name="ruleEvaluation">first</se:VendorOption>
      </se:FeatureTypeStyle>
      <se:FeatureTypeStyle>
        <se:Rule><se:Name>veil</se:Name><ogc:Filter><ogc:Function name="in3"><ogc:Function name="modulo"><ogc:PropertyName>id</ogc:PropertyName><ogc:Literal>5</ogc:Literal></ogc:Function><ogc:Literal>1</ogc:Literal><ogc:Literal>2</ogc:Literal></ogc:Function></ogc:Filter><se:PolygonSymbolizer><se:Fill><se:SvgParameter name="fill">#ffe0b2</se:SvgParameter></se:Fill></se:PolygonSymbolizer></se:Rule>
        <se:VendorOption name="composite">multiply, 0.8</se:VendorOption>
      </se:FeatureTypeStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
