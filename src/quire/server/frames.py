"""What is served into a sandboxed frame: somebody's markup on an origin of its own, which reaches nothing of ours."""

from starlette.responses import Response

SANDBOX = "allow-scripts allow-popups allow-forms allow-downloads"

POLICY = "; ".join(
    [
        # The sandbox stands here and not only in the page: whoever opens the address itself gets it too.
        f"sandbox {SANDBOX}",
        # Charts load their libraries from elsewhere; of our server, which is not named here, nothing.
        "default-src 'unsafe-inline' 'unsafe-eval' https: data: blob:",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    ]
)

# Tells the page how high the content is: first when it is loaded, then whenever that changes. Content that is as high as
# the frame and a bit more would make it grow for ever, so after a few steps of that kind it stays as it is.
_SCRIPT = """
(() => {
  let told = 0, grown = 0;
  const tell = () => {
    const { documentElement: root, body } = document;
    const height = Math.ceil(Math.max(root.offsetHeight, body ? body.scrollHeight : 0));
    if (height === told) return;
    grown = told !== 0 && innerHeight === told && height > told ? grown + 1 : 0;
    if (grown > 4) return;
    told = height;
    parent.postMessage(height, "*");
  };
  addEventListener("load", () => {
    tell();
    const watch = new ResizeObserver(tell);
    watch.observe(document.documentElement);
    if (document.body) watch.observe(document.body);
  });
})();
"""

_STYLE = "html{color-scheme:light dark}body{margin:0;font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}"


def frame_response(markup: str) -> Response:
    """The document. What stands in front of the markup goes into its head, whether it is a whole document or a part."""
    document = f"<!doctype html><meta charset=utf-8><style>{_STYLE}</style><script>{_SCRIPT}</script>\n{markup}"
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    return Response(document.encode("utf-8", "replace"), media_type="text/html; charset=utf-8", headers=headers)
