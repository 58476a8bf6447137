#!/usr/bin/env python3
"""Prints ports on which nobody listens: free_ports.py COUNT."""

import socket
import sys

# All are held until all are known, so that none comes twice.
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*(held.getsockname()[1] for held in sockets))
