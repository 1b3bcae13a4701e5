<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: MIT -->
<StyledLayerDescriptor version="1.1.0" xmlns="http://www.opengis.net/sld" xmlns:se="http://www.opengis.net/se" xmlns:ogc="http://www.opengis.net/ogc" xmlns:xlink="http://www.w3.org/1999/xlink">
  <NamedLayer>
    <se:Name>raster_categories</se:Name>
    <UserStyle>
      <se:Name>raster_categories</se:Name>
      <se:CoverageStyle>
        <se:Rule><se:Name>r</se:Name><se:RasterSymbolizer><se:Opacity>0.8</se:Opacity><se:ColorMap><se:Categorize fallbackValue="#000000"><se:LookupValue>Rasterdata</se:LookupValue><se:Value>#eceff1</se:Value><se:Threshold>1</se:Threshold><se:Value>#aed581</se:Value><se:Threshold>2</se:Threshold><se:Value>#5c6bc0</se:Value></se:Categorize></se:ColorMap></se:RasterSymbolizer></se:Rule>
      </se:CoverageStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
