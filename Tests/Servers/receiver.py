"""A receiver of callbacks for the tests.

usage: receiver.py [STATUS ...]
Answers the first request with the first status, and so on; the last one goes on for ever, 200 where none is given.
302 leads to the same server; 0 answers never. Prints its port, then a line of JSON for every request: its path,
headers (names in lower case) and body. Ends when it is killed.
"""

import http.server
import json
import sys
import threading

statuses = [int(word) for word in sys.argv[1:]] or [200]


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        status = statuses.pop(0) if len(statuses) > 1 else statuses[0]
        # In one piece: print writes the line's end by itself, and others may write in between.
        sys.stdout.write(json.dumps({"path": self.path, "headers": headers, "body": body}) + "\n")
        sys.stdout.flush()
        if status == 0:
            threading.Event().wait()
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_address[1], flush=True)
server.serve_forever()
