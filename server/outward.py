# SPDX-License-Identifier: MIT
"""The only way out of this server: a connection to a host somebody named, never to an inner network unless it is allowed.

The name is resolved once, every address it has is judged, and the connection goes to the very address judged: an answer of the name
service that changes in between (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Sequence

from server.errors import AccessDenied

PORTS = {"http": 80, "https": 443}
ANYWHERE = ("0.0.0.0/0", "::/0")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def find_address(host: str, port: int, allowed: Sequence[str]) -> str:
    """The numeric address of a host to connect to.

    Raises AccessDenied when any address of the host is neither in the open internet nor in an allowed network, OSError when it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    if not all(_may_reach(address, allowed) for address in addresses):
        raise AccessDenied("The host has a private address.", locator="host", message_vi="Máy chủ này có địa chỉ mạng nội bộ.")
    return str(addresses[0])


def _may_reach(address: _Address, allowed: Sequence[str]) -> bool:
    """Whether an address, whatever it stands for in other notations too, is global or in an allowed network."""
    meant: list[_Address] = [address]
    if isinstance(address, ipaddress.IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        meant += [one for one in inner if one is not None]
        if address in _NAT64:
            meant.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.ipv4_mapped is not None:
            meant.remove(address)
    networks = [ipaddress.ip_network(each) for each in allowed]
    return all((one.is_global and not one.is_multicast) or any(one in network for network in networks) for one in meant)


def connect(scheme: str, host: str, port: int, allowed: Sequence[str], timeout_s: float) -> http.client.HTTPConnection:
    """An open connection to an address that was judged; with `https` the certificate must be the host's.

    Raises AccessDenied as `find_address` does, OSError when the host is not found or does not answer.
    """
    address = find_address(host, port, allowed)
    connection = http.client.HTTPConnection(host, port, timeout=timeout_s)
    connection.sock = socket.create_connection((address, port), timeout=timeout_s)
    if scheme == "https":
        connection.sock = ssl.create_default_context().wrap_socket(connection.sock, server_hostname=host)
    return connection
