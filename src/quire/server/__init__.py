"""HTTP and WebSocket in front of one session: a gate, a page, a socket, and files that never change."""
