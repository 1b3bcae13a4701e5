<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: MIT -->
<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc">
  <NamedLayer>
    <Name>landmask</Name>
    <UserStyle>
      <Name>landmask</Name>
      <Title>Đất và nước | Land and water</Title>
      <FeatureTypeStyle>
        <Rule>
          <Name>cover</Name>
          <Title>Lớp phủ đất và nước | Land and water cover</Title>
          <RasterSymbolizer>
            <Opacity>0.8</Opacity>
            <ColorMap type="values">
              <ColorMapEntry color="#cfe4ee" quantity="0" label="Nước | Water"/>
              <ColorMapEntry color="#d8cfae" quantity="1" label="Đất | Land"/>
            </ColorMap>
          </RasterSymbolizer>
        </Rule>
      </FeatureTypeStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
