<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: MIT -->
<StyledLayerDescriptor version="1.1.0" xmlns="http://www.opengis.net/sld" xmlns:se="http://www.opengis.net/se" xmlns:ogc="http://www.opengis.net/ogc" xmlns:xlink="http://www.w3.org/1999/xlink">
  <NamedLayer>
    <se:Name>shields</se:Name>
    <UserStyle>
      <se:Name>shields</se:Name>
      <se:FeatureTypeStyle>
        <se:Rule><se:Name>shield</se:Name><se:TextSymbolizer><se:Label><ogc:Function name="strSubstring"><ogc:PropertyName>code</ogc:PropertyName><ogc:Literal>0</ogc:Literal><ogc:Literal>3</ogc:Literal></ogc:Function></se:Label><se:Font><se:SvgParameter name="font-family">Be Vietnam Pro</se:SvgParameter><se:SvgParameter name="font-size">9</se:SvgParameter><se:SvgParameter name="font-weight">bold</se:SvgParameter></se:Font><se:LabelPlacement><se:PointPlacement><se:AnchorPoint><se:AnchorPointX>0.5</se:AnchorPointX><se:AnchorPointY>0.5</se:AnchorPointY></se:AnchorPoint><se:Displacement><se:DisplacementX>0</se:DisplacementX><se:DisplacementY>0</se:DisplacementY></se:Displacement></se:PointPlacement></se:LabelPlacement><se:Fill><se:SvgParameter name="fill">#ffffff</se:SvgParameter></se:Fill><se:Graphic><se:Mark><se:WellKnownName>rounded_square</se:WellKnownName><se:Fill><se:SvgParameter name="fill">#00695c</se:SvgParameter></se:Fill><se:Stroke><se:SvgParameter name="stroke">#ffffff</se:SvgParameter><se:SvgParameter name="stroke-width">1</se:SvgParameter></se:Stroke></se:Mark><se:Size>24</se:Size></se:Graphic></se:TextSymbolizer></se:Rule>
        <se:VendorOption name="sortBy">code A</se:VendorOption>
      </se:FeatureTypeStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
