<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: MIT -->
<StyledLayerDescriptor version="1.1.0" xmlns="http://www.opengis.net/sld" xmlns:se="http://www.opengis.net/se" xmlns:ogc="http://www.opengis.net/ogc" xmlns:xlink="http://www.w3.org/1999/xlink">
  <NamedLayer>
    <se:Name>labels_along</se:Name>
    <UserStyle>
      <se:Name>labels_along</se:Name>
      <se:FeatureTypeStyle>
        <se:Rule><se:Name>line</se:Name><se:LineSymbolizer><se:Stroke><se:SvgParameter name="stroke">#64b5f6</se:SvgParameter><se:SvgParameter name="stroke-width">2</se:SvgParameter></se:Stroke></se:LineSymbolizer><se:TextSymbolizer><se:Label><ogc:PropertyName>name</ogc:PropertyName></se:Label><se:Font><se:SvgParameter name="font-family">Be Vietnam Pro</se:SvgParameter><se:SvgParameter name="font-size">9</se:SvgParameter><se:SvgParameter name="font-style">italic</se:SvgParameter></se:Font><se:LabelPlacement><se:LinePlacement><se:IsRepeated>true</se:IsRepeated><se:Gap>180</se:Gap><se:PerpendicularOffset>7</se:PerpendicularOffset></se:LinePlacement></se:LabelPlacement><se:Halo><se:Radius>1.6</se:Radius><se:Fill><se:SvgParameter name="fill">#ffffff</se:SvgParameter></se:Fill></se:Halo><se:Fill><se:SvgParameter name="fill">#1a237e</se:SvgParameter></se:Fill><se:VendorOption name="charSpacing">1</se:VendorOption></se:TextSymbolizer></se:Rule>
      </se:FeatureTypeStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
