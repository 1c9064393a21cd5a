"""Chooses the roots among a file's candidates, builds each once and reads it."""

import sys
import time

from .choosing import choose, listing, names_of, place_of, title, tried
from .failures import NotRun, reason, short
from .fakes import NeedValue, StopProgram, missing_packages
from .intercept import taken
from .limits import Limit
from .notes import note
from .session_names import unique

MOST_ROOTS = 6


def refuse_large(session, candidate):
    """Builds on the meta device, which takes no memory; refuses what is too large by its parameters. Other failures are left to the real build."""
    import torch

    from .draws import Undrawn

    try:
        with session.device_mode, Limit(20), torch.device("meta"), Undrawn():
            model = session.finder.build(candidate)
        total = sum(p.numel() for p in model.parameters())
    except (Exception, StopProgram):
        return
    if total * 4 > session.limits["bytes"]:
        limit = session.limits["bytes"] / 2**30
        raise LookupError(
            f"it has {total:,} parameters, {total * 4 / 2**30:.1f} GiB; at most {limit:.1f} GiB are measured here;"
            " give smaller sizes by name (--param NAME=VALUE)"
        )


def read_roots(session, request, progress):
    """Specs of all roots; problems of those that could not be built or fed; questions for what was guessed."""
    finder = session.finder
    finder.base = session.loader.snapshot()
    candidates = finder.candidates()
    groups = choose(candidates, finder, request.get("model"))
    answer = {
        "specs": [],
        "keras": [],
        "problems": [],
        "questions": [],
        "candidates": listing(candidates, finder),
    }
    if request.get("listOnly"):
        return answer
    if not groups:
        message = (
            "No model is built in this file."
            if not request.get("model")
            else f"No model is called {request['model']}."
        )
        answer["problems"].append(session.problem(message, hint=missing_hint(session)))
        return answer
    deadline = time.monotonic() + session.limits["file"]
    for group in groups[:MOST_ROOTS]:
        if time.monotonic() > deadline:
            answer["problems"].append(
                session.problem(
                    "The remaining models were not looked at: the file takes too long.", severity="note"
                )
            )
            break
        read_group(session, group, request, progress, answer)
    for group in groups[MOST_ROOTS:]:
        name = sorted(names_of(group[0]))[0]
        answer["problems"].append(
            session.problem(
                f"{name} was left out: name it to inspect it",
                place_of(group[0]),
                severity="note",
                hint=f"--model {name}",
            )
        )
    return answer


def missing_hint(session):
    """Why there may be none: names that are missing."""
    failed = session.loader.failed
    if failed:
        line, what, why = failed[0]
        return f"Line {line} did not run: {why}"[:200]
    return None


def read_group(session, group, request, progress, answer):
    """Tries the candidates of one root until one is built and read."""
    failures = []
    for candidate in tried(group):
        progress(f"building {candidate.get('name') or candidate.get('attr')}")
        session.finder.used = {}
        if candidate.get("remote"):
            continue
        try:
            session.guard.armed = True
            done = read_candidate(session, candidate, request, progress, answer)
        except (KeyboardInterrupt, SystemExit):
            raise
        except (Exception, StopProgram) as error:
            failures.append((candidate, error))
            if isinstance(error, NotRun) and error.hangs:
                break
            continue
        if done:
            return
    if not failures:
        return
    candidate, error = failures[0]
    need = next((e for _c, e in failures if isinstance(e, NeedValue)), None)
    name = candidate.get("name") or candidate.get("attr") or candidate["cls"]
    place = place_of(candidate) if not candidate.get("file") else None
    not_run = isinstance(error, NotRun)
    what = "could not be run" if not_run else "could not be built"
    hint = "Give the input's shape: --input-shape." if not_run and not error.hangs else None
    why = reason(error)
    packages = [
        p
        for p in missing_packages()
        if "not installed here" in why or need is not None and need.name.split(".")[0] == p
    ]
    if packages:
        hint = f"Install what is missing: {sys.executable} -m pip install {' '.join(packages)}"
    elif need is not None:
        answer["questions"].append(question(session, need.name, need.line, None))
        hint = f"Give it: --param {short(need.name)}=VALUE."
    answer["problems"].append(session.problem(f"{name} {what}: {why}", place, hint=hint))


def question(session, name, line, guess):
    """A Question: what is not known, where, and a guess."""
    place = session.problem(f"{short(name)} is not known here", (line, None, line, None) if line else None)
    result = {
        "name": short(name),
        "message": f"{short(name)}{f' (line {line})' if line else ''} is not known here",
        "place": place,
    }
    if isinstance(guess, (int, float, str)) and not isinstance(guess, bool):
        result["guess"] = guess
    return result


def read_candidate(session, candidate, request, progress, answer):
    """Builds and reads one; False when it is no model after all."""
    from .keras_models import is_keras, read_keras, reset_names

    finder = session.finder
    reset_names()
    if session.recorder is not None and session.finder.nn is not None:
        refuse_large(session, candidate)
        session.seed(1)
        with session.device_mode, Limit(session.limits["build"]), session.recorder, session.building():
            model = finder.build(candidate)
    else:
        with Limit(session.limits["build"]):
            model = finder.build(candidate)
    used = taken(finder.used)
    name = title(candidate, model)
    id = unique(name, session.models)
    if is_keras(model):
        if session.ranks > 1:
            raise LookupError("only PyTorch models are spread over torchrun: leave --executor out")
        for known, value in used.items():
            note(f"{short(known)} is taken as {value!r}: the file does not say it")
        found, root = read_keras(session, model, name, id, candidate, request.get("inputShapes"))
        answer["keras"].append(found)
        session.models[id] = root
        return True
    import torch

    total = sum(p.numel() for p in model.parameters())
    if total == 0:
        raise LookupError("it has no parameters")
    if any(p.numel() == 0 for p in model.parameters()):
        raise LookupError(
            "a size of it is 0 here, perhaps a count of data that are not there: give it by name (--param NAME=VALUE)"
        )
    if total * 4 > session.limits["bytes"]:
        raise MemoryError()
    root = session.torch_model(candidate, name, id)
    # One model at a time: of a large one two do not fit.
    del model
    progress(f"finding the inputs of {name}")
    root.find_feeds(request.get("inputShapes"))
    model = root.drawn(1, {})
    problems = [
        session.problem(f"{short(k)} is taken as {v!r}: the file does not say it", severity="note")
        for k, v in used.items()
    ]
    facts = {
        "id": id,
        "framework": f"PyTorch {torch.__version__.split('+')[0]}",
        "origin": {
            "file": session.files.main,
            "range": session.files.texts[session.files.main].range(root_place(session, candidate, model)),
            "kind": "definition",
        },
        "loss": session.written,
        "problems": problems,
        "contentHash": session.hash,
    }
    spec = root.spec(model, facts)
    if not spec["nodes"]:
        raise LookupError("nothing of it could be watched")
    session.models[id] = root
    answer["specs"].append(spec)
    return True


def root_place(session, candidate, model):
    """The class of the model where it is defined in this file, else the candidate's own statement."""
    node = session.finder.defs.get(type(model).__name__)
    if node is not None:
        return (node.lineno, None, node.lineno, None)
    if candidate.get("file"):
        return (1, None, 1, None)
    return place_of(candidate) or (1, None, 1, None)
