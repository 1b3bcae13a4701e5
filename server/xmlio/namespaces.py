# SPDX-License-Identifier: MIT
"""Every XML namespace the product reads or writes, once."""

from __future__ import annotations

from enum import StrEnum


class Namespace(StrEnum):
    """A namespace; the value is its name as standards give it."""

    WFS = "http://www.opengis.net/wfs"
    WFS20 = "http://www.opengis.net/wfs/2.0"
    OGC = "http://www.opengis.net/ogc"
    FES = "http://www.opengis.net/fes/2.0"
    GML = "http://www.opengis.net/gml"
    GML32 = "http://www.opengis.net/gml/3.2"
    OGCAPI_SF = "http://www.opengis.net/ogcapi-features-1/1.0/sf"
    OWS = "http://www.opengis.net/ows"
    OWS11 = "http://www.opengis.net/ows/1.1"
    WMS = "http://www.opengis.net/wms"
    WMTS = "http://www.opengis.net/wmts/1.0"
    SLD = "http://www.opengis.net/sld"
    SE = "http://www.opengis.net/se"
    GMD = "http://www.isotc211.org/2005/gmd"
    GCO = "http://www.isotc211.org/2005/gco"
    XLINK = "http://www.w3.org/1999/xlink"
    XSI = "http://www.w3.org/2001/XMLSchema-instance"
    XS = "http://www.w3.org/2001/XMLSchema"
    XML = "http://www.w3.org/XML/1998/namespace"
    XANH = "urn:xanh:layers"
    """Our feature types: `xanh:stations`. A name, not an address: it stays when a server moves."""
