# SPDX-License-Identifier: MIT
"""What the command line does: one file per command. Like `server.app` these files may know every room."""
