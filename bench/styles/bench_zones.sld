<?xml version="1.0" encoding="UTF-8"?>
<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc">
  <NamedLayer>
    <Name>bench_zones</Name>
    <UserStyle>
      <FeatureTypeStyle>
        <Rule>
          <Title>Vườn quốc gia | National park</Title>
          <ogc:Filter><ogc:PropertyIsEqualTo><ogc:PropertyName>kind</ogc:PropertyName><ogc:Literal>vqg</ogc:Literal></ogc:PropertyIsEqualTo></ogc:Filter>
          <PolygonSymbolizer><Fill><CssParameter name="fill">#1ea050</CssParameter></Fill><Stroke><CssParameter name="stroke">#0a5028</CssParameter><CssParameter name="stroke-width">1</CssParameter></Stroke></PolygonSymbolizer>
        </Rule>
        <Rule>
          <Title>Khác | Other</Title>
          <ElseFilter/>
          <PolygonSymbolizer><Fill><CssParameter name="fill">#78c878</CssParameter></Fill><Stroke><CssParameter name="stroke">#0a5028</CssParameter><CssParameter name="stroke-width">1</CssParameter></Stroke></PolygonSymbolizer>
        </Rule>
      </FeatureTypeStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
