"""The archive as tools for agents: a server of the Model Context Protocol, on stdio or streamable HTTP."""

from api.mcp.server import create_server, serve_http, serve_stdio

__all__ = ["create_server", "serve_http", "serve_stdio"]
