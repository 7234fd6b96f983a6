"""The built PWA and the headers that guard every answer."""

from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request, send_from_directory

CONTENT_POLICY = (
    "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data: blob: https:; "
    "style-src 'self' 'unsafe-inline'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}
_IMMUTABLE = "public, max-age=31536000, immutable"


def guard(app: Flask) -> None:
    """Put the security headers on every answer; API answers are never cached by anybody."""

    @app.after_request
    def _headers(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


def serve_pwa(app: Flask, folder: str) -> None:
    """Serve the built PWA at `/`; unknown addresses get its start page, so that deep links work."""
    root = Path(folder).resolve()
    bp = Blueprint("pwa", __name__)

    @bp.get("/")
    def start() -> Response:
        return _file("index.html")

    @bp.get("/<path:path>")
    def page(path: str) -> Response:
        if path.startswith(("api/", "socket.io")):
            abort(404)
        if (root / path).is_file():
            return _file(path)
        if "." in path.rpartition("/")[2]:
            abort(404)
        return _file("index.html")

    def _file(path: str) -> Response:
        if not (root / path).is_file():
            abort(404)
        response = send_from_directory(root, path)
        response.headers["Cache-Control"] = _IMMUTABLE if path.startswith("assets/") else "no-cache"
        return response

    app.register_blueprint(bp)
