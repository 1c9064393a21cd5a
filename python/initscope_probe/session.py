"""One file in one process: loaded under guards, its roots built and read, measured seed by seed."""

import contextlib
import hashlib
import os
import re
import sys

from .fakes import StopProgram, StubFinder
from .guard import Guard
from .intercept import answer as given
from .intercept import intercept, own_seeding
from .notes import NOTES, note
from .places import Files, SourceText
from .written_loss import written_loss

MOST_ROOTS = 6
ONE_PROCESS = "trainings run in one process: leave --executor torchrun out"


class Session:
    """Keeps what reading found, so that measuring need not read again."""

    def __init__(self, limits, ranks=1):
        self.limits, self.ranks = limits, ranks
        self.guard = Guard()
        self.models = {}

    def read(self, request, progress):
        """The answer to a `read`: specs, keras configs, problems, questions, notes."""
        path, text = os.path.abspath(request["path"]), request.get("text")
        if text is None:
            with open(path, "rb") as file:
                text = decode(file.read())
        self.text = text
        root = request.get("root") or os.path.dirname(path)
        self.files = Files(path, text, root)
        own = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        self.hash = request.get("contentHash") or own
        cells = request.get("cellLines") or ()
        try:
            tree = self._parse(path, cells)
        except SyntaxError as error:
            return {
                "specs": [],
                "problems": [self._syntax(error)],
                "questions": [],
                "notes": [],
                "contentHash": self.hash,
            }
        text = self.text
        self._prepare(tree, text)
        from .builder import Finder
        from .loader import Loader
        from .preamble import run_preamble

        if not any(isinstance(f, StubFinder) for f in sys.meta_path):
            sys.meta_path.append(StubFinder())
        self.guard.armed = True
        Loader.stmt_limit = self.limits["statement"]
        self.loader = Loader(path, root, given(request.get("params") or {}), text)
        progress("reading the file")
        self._quietly(lambda: run_preamble(self.loader))
        self._late_intercepts()
        self.finder = Finder(self.loader)
        self.written = written_loss(tree, text)
        from .roots import read_roots

        answer = read_roots(self, request, progress)
        answer["contentHash"] = self.hash
        answer["notes"] = list(NOTES) + [f"refused: {what}" for what in self.guard.refused]
        return answer

    def _parse(self, path, cells):
        """The tree of the text. A notebook's cell that cannot be read becomes blank (places stay), with a note."""
        while True:
            try:
                return self.files.texts[path].tree
            except SyntaxError as error:
                line = error.lineno or 1
                number = sum(1 for start in cells if start <= line)
                lines = self.text.split("\n")
                start = cells[number - 1] - 1 if number else 0
                end = cells[number] - 1 if number < len(cells) else len(lines)
                if not number or not any(row.strip() for row in lines[start:end]):
                    raise
                note(f"code cell {number} is left out: {error.msg} (its line {line - start})")
                lines[start:end] = [_blank(row) for row in lines[start:end]]
                self.text = "\n".join(lines)
                self.files.texts[path] = SourceText(self.text)

    def torch_model(self, *root):
        """The model of a root: in this process, or over the ranks of torchrun."""
        if self.ranks > 1:
            from .sharded_models import ShardedModel

            return ShardedModel(self, *root)
        from .torchmodels import TorchModel

        return TorchModel(self, *root)

    def building(self):
        """Under what a model is built before it is measured: over several ranks no tensor of it is held."""
        if self.ranks == 1:
            return contextlib.nullcontext()
        from .deferred import Deferred

        return Deferred()

    def _prepare(self, tree, text):
        """Imports the frameworks the file uses, unguarded, and puts the interceptions in."""
        uses_torch = "torch" in text or "lightning" in text
        uses_keras = "keras" in text or "tensorflow" in text
        self.device_mode, self.recorder = None, None
        if uses_torch or not uses_keras:
            try:
                import torch  # noqa: F401
            except ImportError:
                pass
            else:
                from .draws import Recorder
                from .intercept_torch import intercept_torch

                self.device_mode = intercept_torch()
                self.recorder = Recorder(self.files)
        if uses_keras:
            from .intercept_keras import load_keras

            self.keras = load_keras(self.files)
        intercept()
        self.seed = own_seeding()

    def _late_intercepts(self):
        if "torch" in sys.modules and self.device_mode is not None:
            from .intercept_torch import intercept_torchvision

            intercept_torchvision()

    def _quietly(self, action):
        try:
            return action()
        except StopProgram:
            return None

    def _syntax(self, error):
        source = self.files.texts[self.files.main]
        line = min(error.lineno or 1, len(source.starts))
        version = ".".join(map(str, sys.version_info[:2]))
        return self.problem(
            f"Python {version} cannot read the file: {error.msg}",
            (line, None, line, None),
            hint="Use a newer interpreter (--python) if the syntax is newer.",
        )

    def problem(self, message, place=None, hint=None, found=None, severity="error"):
        """A Problem of this file."""
        result = {"file": self.files.main, "message": message, "severity": severity}
        if place is not None:
            result["range"] = self.files.texts[self.files.main].range(place)
        for key, value in (("hint", hint), ("found", found)):
            if value:
                result[key] = value
        return result

    def measure(self, request, progress, cancelled):
        """A Measurement of a model that was read."""
        model = self.models.get(request["model"])
        if model is None:
            raise LookupError("its input shape is not known: --input-shape")
        laws, seeds, left = request.get("laws") or [], [], []
        for i, seed in enumerate(request["seeds"]):
            if cancelled():
                return None
            progress(i, len(request["seeds"]))
            measured, missing = model.measure(
                seed, request["batch"], laws, request.get("loss"), request.get("output")
            )
            seeds.append(measured)
            left.extend(m for m in missing if m not in left)
        return {
            "version": 1,
            "engine": model.engine(),
            "modelId": request["model"],
            "start": "fresh",
            "batch": request["batch"],
            "seeds": seeds,
            "notMeasured": left,
        }


def train(session, request, progress, cancelled):
    """ProbeRuns of short trainings; None when cancelled."""
    from .training import Stopped, Training

    if session.ranks > 1:
        raise LookupError(ONE_PROCESS)
    rates, seeds, steps = request["rates"], request["seeds"], request["steps"]
    total, done = steps * (len(rates) + len(seeds) - 1), [0]

    def on_step():
        done[0] += 1
        if done[0] % 10 == 0:
            progress(min(done[0], total), total)

    try:
        return Training(session.models[request["model"]], request, on_step, cancelled).run(rates, seeds)
    except Stopped:
        return None


def coordinates(session, request, progress, cancelled):
    """CoordinateRuns of a few steps; None when cancelled."""
    from .coordinates import coordinates as run

    if session.ranks > 1:
        raise LookupError(ONE_PROCESS)
    return run(session, request, progress, cancelled)


# What is asked of a session that has read: the answer's name, its member, and who gives it.
WORK = {
    "measure": ("measurement", "measurement", Session.measure),
    "train": ("trained", "runs", train),
    "coordinates": ("coordinates", "runs", coordinates),
}


def _blank(row):
    """Spaces of the same length in UTF-16."""
    return re.sub(r"[^\r]", lambda match: "  " if ord(match[0]) > 0xFFFF else " ", row)


def decode(data):
    """The text of a Python file: its declared encoding, else UTF-8, without BOM."""
    import io
    import tokenize

    try:
        encoding, _lines = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError:
        encoding = "utf-8"
    text = data.decode(encoding, "replace")
    return text[1:] if text.startswith("\ufeff") else text
