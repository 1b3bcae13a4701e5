<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: MIT -->
<StyledLayerDescriptor version="1.1.0" xmlns="http://www.opengis.net/sld" xmlns:se="http://www.opengis.net/se" xmlns:ogc="http://www.opengis.net/ogc" xmlns:xlink="http://www.w3.org/1999/xlink">
  <NamedLayer>
    <se:Name>labels</se:Name>
    <UserStyle>
      <se:Name>labels</se:Name>
      <se:FeatureTypeStyle>
        <se:Rule><se:Name>dot</se:Name><se:PointSymbolizer><se:Graphic><se:Mark><se:WellKnownName>circle</se:WellKnownName><se:Fill><se:SvgParameter name="fill">#b71c1c</se:SvgParameter></se:Fill></se:Mark><se:Size>5</se:Size></se:Graphic></se:PointSymbolizer></se:Rule>
        <se:Rule><se:Name>label</se:Name><ogc:Filter><ogc:Not><ogc:PropertyIsNull><ogc:PropertyName>wqi</ogc:PropertyName></ogc:PropertyIsNull></ogc:Not></ogc:Filter><se:TextSymbolizer><se:Label><ogc:Function name="strToUpperCase"><ogc:PropertyName>name</ogc:PropertyName></ogc:Function> (<ogc:Function name="numberFormat"><ogc:Literal>#,##0.0</ogc:Literal><ogc:PropertyName>wqi</ogc:PropertyName></ogc:Function>)</se:Label><se:Font><se:SvgParameter name="font-family">Be Vietnam Pro</se:SvgParameter><se:SvgParameter name="font-size">11</se:SvgParameter><se:SvgParameter name="font-weight">bold</se:SvgParameter></se:Font><se:LabelPlacement><se:PointPlacement><se:AnchorPoint><se:AnchorPointX>0</se:AnchorPointX><se:AnchorPointY>0.5</se:AnchorPointY></se:AnchorPoint><se:Displacement><se:DisplacementX>6</se:DisplacementX><se:DisplacementY>0</se:DisplacementY></se:Displacement></se:PointPlacement></se:LabelPlacement><se:Halo><se:Radius>1.6</se:Radius><se:Fill><se:SvgParameter name="fill">#ffffff</se:SvgParameter></se:Fill></se:Halo><se:Fill><se:SvgParameter name="fill">#1a237e</se:SvgParameter></se:Fill><se:Priority><ogc:PropertyName>wqi</ogc:PropertyName></se:Priority></se:TextSymbolizer></se:Rule>
      </se:FeatureTypeStyle>
      <se:FeatureTypeStyle>
        <se:Rule><se:Name>date</se:Name><se:TextSymbolizer><se:Label><ogc:Function name="dateFormat"><ogc:Literal>dd/MM/yyyy</ogc:Literal><ogc:PropertyName>sampled_at</ogc:PropertyName></ogc:Function></se:Label><se:Font><se:SvgParameter name="font-family">Be Vietnam Pro</se:SvgParameter><se:SvgParameter name="font-size">9</se:SvgParameter><se:SvgParameter name="font-style">italic</se:SvgParameter></se:Font><se:LabelPlacement><se:PointPlacement><se:AnchorPoint><se:AnchorPointX>0.5</se:AnchorPointX><se:AnchorPointY>0.5</se:AnchorPointY></se:AnchorPoint><se:Displacement><se:DisplacementX>0</se:DisplacementX><se:DisplacementY>-24</se:DisplacementY></se:Displacement><se:Rotation>20</se:Rotation></se:PointPlacement></se:LabelPlacement><se:Halo><se:Radius>1.6</se:Radius><se:Fill><se:SvgParameter name="fill">#ffffff</se:SvgParameter></se:Fill></se:Halo><se:Fill><se:SvgParameter name="fill">#4e342e</se:SvgParameter></se:Fill><se:VendorOption name="conflictResolution">false</se:VendorOption></se:TextSymbolizer></se:Rule>
      </se:FeatureTypeStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
