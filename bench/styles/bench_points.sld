<?xml version="1.0" encoding="UTF-8"?>
<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc">
  <NamedLayer>
    <Name>bench_points</Name>
    <UserStyle>
      <FeatureTypeStyle>
        <Rule>
          <Title>Thuỷ sản | Seafood</Title>
          <ogc:Filter><ogc:PropertyIsEqualTo><ogc:PropertyName>sector</ogc:PropertyName><ogc:Literal>thuy_san</ogc:Literal></ogc:PropertyIsEqualTo></ogc:Filter>
          <PointSymbolizer><Graphic><Mark><WellKnownName>circle</WellKnownName><Fill><CssParameter name="fill">#1e78c8</CssParameter></Fill><Stroke><CssParameter name="stroke">#ffffff</CssParameter><CssParameter name="stroke-width">1</CssParameter></Stroke></Mark><Size>7</Size></Graphic></PointSymbolizer>
        </Rule>
        <Rule>
          <Title>Dệt may | Textiles</Title>
          <ogc:Filter><ogc:PropertyIsEqualTo><ogc:PropertyName>sector</ogc:PropertyName><ogc:Literal>det_may</ogc:Literal></ogc:PropertyIsEqualTo></ogc:Filter>
          <PointSymbolizer><Graphic><Mark><WellKnownName>circle</WellKnownName><Fill><CssParameter name="fill">#c8781e</CssParameter></Fill><Stroke><CssParameter name="stroke">#ffffff</CssParameter><CssParameter name="stroke-width">1</CssParameter></Stroke></Mark><Size>7</Size></Graphic></PointSymbolizer>
        </Rule>
        <Rule>
          <Title>Khác | Other</Title>
          <ElseFilter/>
          <PointSymbolizer><Graphic><Mark><WellKnownName>circle</WellKnownName><Fill><CssParameter name="fill">#14a050</CssParameter></Fill><Stroke><CssParameter name="stroke">#ffffff</CssParameter><CssParameter name="stroke-width">1</CssParameter></Stroke></Mark><Size>7</Size></Graphic></PointSymbolizer>
        </Rule>
      </FeatureTypeStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
