# SPDX-License-Identifier: MIT
"""nginx in front of two FastCGI processes: how MapServer and QGIS Server are run."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping

from bench.site import AbsentError, Site, free_port

NGINX = """
worker_processes 1; daemon off; pid {folder}/{name}.pid; error_log {folder}/{name}.err;{user}
events {{ worker_connections 512; }}
http {{
  access_log off; client_body_temp_path {folder}/{name}-b; proxy_temp_path {folder}/{name}-p; fastcgi_temp_path {folder}/{name}-f;
  uwsgi_temp_path {folder}/{name}-u; scgi_temp_path {folder}/{name}-s;
  upstream {name} {{ server unix:{folder}/{name}1.sock; server unix:{folder}/{name}2.sock; keepalive 4; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{ include /etc/nginx/fastcgi_params; {parameters} fastcgi_buffers 64 256k; fastcgi_pass {name}; fastcgi_keep_conn {keep}; }}
  }}
}}
"""


def start_behind_nginx(site: Site, name: str, program: str, environment: Mapping[str, str]) -> tuple[int, subprocess.Popen[bytes]]:
    """Start two processes of a FastCGI program and nginx before them; the port and nginx's process. Raises AbsentError."""
    if not os.access(program, os.X_OK):
        raise AbsentError(f"{os.path.basename(program)} is not installed")
    nginx, spawn = shutil.which("nginx") or "/usr/sbin/nginx", shutil.which("spawn-fcgi")
    if not os.access(nginx, os.X_OK) or spawn is None:
        raise AbsentError("nginx and spawn-fcgi are needed in front of it")
    for number in (1, 2):
        site.start(f"{name}{number}", [spawn, "-n", "-s", str(site.folder / f"{name}{number}.sock"), "--", program], environment)
    port = free_port()
    parameters = " ".join(f"fastcgi_param {key} {value};" for key, value in environment.items())
    config = site.folder / f"{name}.conf"
    text = NGINX.format(
        folder=site.folder,
        name=name,
        port=port,
        parameters=parameters,
        user=" user root;" if os.getuid() == 0 else "",
        keep="on" if name == "mapserver" else "off",
    )
    config.write_text(text, encoding="utf-8")
    return port, site.start(f"{name}-nginx", [nginx, "-c", str(config), "-p", str(site.folder)])
