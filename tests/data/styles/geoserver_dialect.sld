<?xml version="1.0" encoding="ISO-8859-1"?>
<!-- SPDX-License-Identifier: MIT -->
<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.opengis.net/sld StyledLayerDescriptor.xsd">
  <NamedLayer>
    <Name>facilities</Name>
    <UserStyle>
      <Title>Facilities</Title>
      <FeatureTypeStyle>
        <Rule>
          <Name>bubble</Name>
          <ogc:Filter>
            <ogc:And>
              <ogc:PropertyIsGreaterThan><ogc:Function name="strLength"><ogc:PropertyName>name</ogc:PropertyName></ogc:Function><ogc:Literal>3</ogc:Literal></ogc:PropertyIsGreaterThan>
              <ogc:PropertyIsEqualTo><ogc:Function name="in3"><ogc:PropertyName>kind</ogc:PropertyName><ogc:Literal>a</ogc:Literal><ogc:Literal>b</ogc:Literal><ogc:Literal>c</ogc:Literal></ogc:Function><ogc:Literal>true</ogc:Literal></ogc:PropertyIsEqualTo>
            </ogc:And>
          </ogc:Filter>
          <PointSymbolizer>
            <Graphic>
              <Mark>
                <WellKnownName>circle</WellKnownName>
                <Fill>
                  <CssParameter name="fill">
                    <ogc:Function name="Recode">
                      <ogc:PropertyName>kind</ogc:PropertyName>
                      <ogc:Literal>a</ogc:Literal><ogc:Literal>#AA0000</ogc:Literal>
                      <ogc:Literal>b</ogc:Literal><ogc:Literal>#00AA00</ogc:Literal>
                    </ogc:Function>
                  </CssParameter>
                  <CssParameter name="fill-opacity">0.8</CssParameter>
                </Fill>
              </Mark>
              <Size>
                <ogc:Function name="Categorize">
                  <ogc:PropertyName>capacity</ogc:PropertyName>
                  <ogc:Literal>6</ogc:Literal><ogc:Literal>100</ogc:Literal><ogc:Literal>10</ogc:Literal><ogc:Literal>1000</ogc:Literal><ogc:Literal>16</ogc:Literal>
                </ogc:Function>
              </Size>
            </Graphic>
          </PointSymbolizer>
          <TextSymbolizer>
            <Label><ogc:PropertyName>name</ogc:PropertyName> (<ogc:Function name="numberFormat"><ogc:Literal>#,##0</ogc:Literal><ogc:PropertyName>capacity</ogc:PropertyName></ogc:Function><![CDATA[ m3)]]></Label>
            <Font><CssParameter name="font-family">Arial</CssParameter><CssParameter name="font-size">12</CssParameter></Font>
            <Font><CssParameter name="font-family">DejaVu Sans</CssParameter><CssParameter name="font-size">11</CssParameter></Font>
            <LabelPlacement><PointPlacement><AnchorPoint><AnchorPointX>0.5</AnchorPointX><AnchorPointY>0.0</AnchorPointY></AnchorPoint><Rotation>-45</Rotation></PointPlacement></LabelPlacement>
            <Priority><ogc:PropertyName>capacity</ogc:PropertyName></Priority>
            <VendorOption name="autoWrap">80</VendorOption>
          </TextSymbolizer>
        </Rule>
        <Rule>
          <Name>centre</Name>
          <PointSymbolizer>
            <Geometry><ogc:Function name="centroid"><ogc:PropertyName>the_geom</ogc:PropertyName></ogc:Function></Geometry>
            <Graphic><Mark><WellKnownName>shape://carrow</WellKnownName><Stroke><CssParameter name="stroke">#333333</CssParameter></Stroke></Mark><Size>10</Size><Rotation><ogc:PropertyName>direction</ogc:PropertyName></Rotation></Graphic>
          </PointSymbolizer>
        </Rule>
        <VendorOption name="ruleEvaluation">first</VendorOption>
      </FeatureTypeStyle>
      <FeatureTypeStyle>
        <Rule>
          <Name>track</Name>
          <LineSymbolizer>
            <Stroke><GraphicStroke><Graphic><Mark><WellKnownName>shape://vertline</WellKnownName><Stroke><CssParameter name="stroke">#333333</CssParameter></Stroke></Mark><Size>12</Size></Graphic></GraphicStroke><CssParameter name="stroke-dasharray">4 16</CssParameter></Stroke>
          </LineSymbolizer>
        </Rule>
      </FeatureTypeStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
