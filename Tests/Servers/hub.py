"""Servers of models for the tests, well or ill behaved.

As a hub, /test/BEHAVIOUR/resolve/REVISION/FILE serves FILE of a folder. As a bucket, /bucket/BEHAVIOUR/.../FILE does,
and /bucket/BEHAVIOUR/db/models.json is always well served; as a repository of large files, /lfs/BEHAVIOUR/.../FILE.

usage: hub.py FOLDER [--always BEHAVIOUR] [--certificate PEM]
Prints its port, then a line for every answer: behaviour, status, range asked for. Ends when it is killed.
"""

import argparse
import http.server
import pathlib
import ssl
import threading

parser = argparse.ArgumentParser()
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("--always")
parser.add_argument("--certificate")
options = parser.parse_args()
seen = set()


class Hub(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        _, layout, behaviour, path = self.path.split("/", 3)
        name = path.split("/", 2)[2] if layout == "test" else path.rsplit("/", 1)[-1]
        behaviour = options.always or behaviour
        if path == "db/models.json":
            behaviour = "good"
        file = options.folder / name
        content = file.read_bytes() if file.is_file() else bytes(1 << 20)
        again = behaviour in seen
        seen.add(behaviour)
        self.asked = self.headers.get("Range", "-")
        self.behaviour = behaviour
        self.close_connection = True
        self.answer(behaviour, content, again, name)

    def answer(self, behaviour, content, again, name):
        half = len(content) // 2
        if behaviour == "good":
            self.serve(content, '"1"')
        elif behaviour == "untagged":
            self.serve(content, None)
        elif behaviour == "truncated":
            self.start(200, len(content))
            self.wfile.write(content[:half])
        elif behaviour == "short":
            self.serve(content[:half], '"1"')
        elif behaviour == "altered":
            self.serve(bytes([content[0] ^ 1]) + content[1:], '"1"')
        elif behaviour == "endless":
            self.start(200, None)
            while True:
                self.wfile.write(bytes(1 << 16))
        elif behaviour == "stalled":
            self.start(200, len(content), '"1"')
            self.wfile.write(content[:half])
            self.wfile.flush()
            threading.Event().wait()
        elif behaviour == "slow":
            self.start(200, len(content), '"1"')
            for part in range(4):
                self.wfile.write(content[len(content) * part // 4 : len(content) * (part + 1) // 4])
                self.wfile.flush()
                # Nothing else happens that could be waited for: the pause is what is tested.
                threading.Event().wait(0.7 if len(content) > 100_000 else 0)
        elif behaviour == "missing":
            self.start(404, 0)
        elif behaviour == "moved":
            self.start(302, 0, location=f"/test/good/resolve/main/{name}")
        elif behaviour == "elsewhere":
            self.start(302, 0, location=f"http://localhost:{port}/test/good/resolve/main/{name}")
        elif behaviour == "dying" and not again:
            self.start(200, len(content), '"1"')
            self.wfile.write(content[:half])
        elif behaviour == "dying":
            self.serve(content, '"1"')
        elif behaviour in ("changed", "lying") and not again:
            self.start(200, len(content), '"0"')
            self.wfile.write(bytes(half))
        elif behaviour == "changed":
            self.serve(content, '"1"')
        elif behaviour == "lying":
            self.serve(content, '"1"', believes_range=True)
        else:
            self.start(500, 0)

    def serve(self, content, tag, believes_range=False):
        asked = self.headers.get("Range")
        if asked and tag and (believes_range or self.headers.get("If-Range") == tag):
            first = int(asked.removeprefix("bytes=").removesuffix("-"))
            if first >= len(content):
                self.start(416, 0, tag, f"bytes */{len(content)}")
                return
            self.start(206, len(content) - first, tag, f"bytes {first}-{len(content) - 1}/{len(content)}")
            self.wfile.write(content[first:])
        else:
            self.start(200, len(content), tag)
            self.wfile.write(content)

    def start(self, status, length, tag=None, content_range=None, location=None):
        self.send_response(status)
        for name, value in (
            ("Content-Length", length),
            ("ETag", tag),
            ("Content-Range", content_range),
            ("Location", location),
            ("Connection", "close"),
        ):
            if value is not None:
                self.send_header(name, str(value))
        self.end_headers()
        print(self.behaviour, status, self.asked, flush=True)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """A client that goes away is what some tests are about."""


server = Server(("127.0.0.1", 0), Hub)
port = server.server_address[1]
if options.certificate:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(port, flush=True)
server.serve_forever()
