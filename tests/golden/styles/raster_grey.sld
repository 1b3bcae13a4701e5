<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: MIT -->
<StyledLayerDescriptor version="1.1.0" xmlns="http://www.opengis.net/sld" xmlns:se="http://www.opengis.net/se" xmlns:ogc="http://www.opengis.net/ogc" xmlns:xlink="http://www.w3.org/1999/xlink">
  <NamedLayer>
    <se:Name>raster_grey</se:Name>
    <UserStyle>
      <se:Name>raster_grey</se:Name>
      <se:CoverageStyle>
        <se:Rule><se:Name>r</se:Name><se:RasterSymbolizer><se:ChannelSelection><se:GrayChannel><se:SourceChannelName>1</se:SourceChannelName><se:ContrastEnhancement><se:Normalize><se:VendorOption name="minValue">0</se:VendorOption><se:VendorOption name="maxValue">3</se:VendorOption></se:Normalize><se:GammaValue>1.6</se:GammaValue></se:ContrastEnhancement></se:GrayChannel></se:ChannelSelection></se:RasterSymbolizer></se:Rule>
      </se:CoverageStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
