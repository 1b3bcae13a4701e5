<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: MIT -->
<StyledLayerDescriptor version="1.1.0" xmlns="http://www.opengis.net/sld" xmlns:se="http://www.opengis.net/se" xmlns:ogc="http://www.opengis.net/ogc" xmlns:xlink="http://www.w3.org/1999/xlink">
  <NamedLayer>
    <se:Name>raster_ramp</se:Name>
    <UserStyle>
      <se:Name>raster_ramp</se:Name>
      <se:CoverageStyle>
        <se:Rule><se:Name>r</se:Name><se:RasterSymbolizer><se:ColorMap><se:Interpolate fallbackValue="#000000"><se:LookupValue>Rasterdata</se:LookupValue><se:InterpolationPoint><se:Data>0</se:Data><se:Value>#fff3e0</se:Value></se:InterpolationPoint><se:InterpolationPoint><se:Data>3</se:Data><se:Value>#bf360c</se:Value></se:InterpolationPoint></se:Interpolate></se:ColorMap></se:RasterSymbolizer></se:Rule>
      </se:CoverageStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
