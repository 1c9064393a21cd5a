"""JSON lines over stdio: one message a line, UTF-8. The user's prints go to nowhere, so that only messages leave.

From the probe: hello, models, progress, measurement, error. To the probe: read, measure, cancel, bye."""

import json
import math
import os
import queue
import sys
import threading


def _plain(value):
    """JSON has no non-finite numbers: they go as `#NaN`, `#Infinity`, `#-Infinity`."""
    if isinstance(value, float) and not math.isfinite(value):
        return "#NaN" if value != value else "#Infinity" if value > 0 else "#-Infinity"
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value


def _line(message):
    try:
        return json.dumps(message, allow_nan=False, separators=(",", ":"))
    except ValueError:
        return json.dumps(_plain(message), allow_nan=False, separators=(",", ":"))


class Channel:
    """Takes over stdin and stdout: messages out, a queue of messages in; `cancelled` is set by a cancel message, `ended` at their end."""

    def __init__(self, ended=None):
        self.out = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
        incoming = os.fdopen(os.dup(0), "r", encoding="utf-8")
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        if not os.environ.get("INITSCOPE_PROBE_DEBUG"):
            os.dup2(nothing, 2)
        sys.stdin = open(os.devnull)
        sys.stdout = open(os.devnull, "w")
        self.messages = queue.Queue()
        self.cancelled, self.ended = threading.Event(), ended or threading.Event()
        threading.Thread(target=self._listen, args=(incoming,), daemon=True).start()

    def _listen(self, incoming):
        for line in incoming:
            if not line.strip():
                continue
            try:
                message = json.loads(line)
            except ValueError:
                self.send("error", message="a message was not JSON")
                continue
            if message.get("type") == "cancel":
                self.cancelled.set()
            else:
                self.messages.put(message)
        self.messages.put({"type": "bye"})
        self.ended.set()

    def send(self, type, **content):
        """Writes one message."""
        self.out.write(_line(dict(type=type, **content)) + "\n")
        self.out.flush()
