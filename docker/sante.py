"""Health check of a container: `sante.py PORT [PATH]` exits 0 when the port answers, with 200 where PATH is given."""

import http.client
import sys


def answers(port: int, path: str | None) -> bool:
    """Whether the HTTP server on `port` of this machine answers within five seconds, with 200 where a path is asked."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path or "/")
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return path is None or status == http.client.OK


if __name__ == "__main__":
    sys.exit(0 if answers(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None) else 1)
