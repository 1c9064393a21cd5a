"""Probes on the workers of a Ray cluster: this process talks JSON lines with whoever started it and passes a probe's own lines on.

To it: open, send, kill. From it: ready (with its number of workers), line, closed, error. When its input ends, so does everything."""

import io
import json
import os
import socket
import sys
import threading
import traceback
import zipfile

# Seconds in which something must listen at an address, and a cluster that listens must answer.
LISTENS_S, ANSWERS_S = 5, 60
TOKEN = "the cluster wants Ray's token: set RAY_AUTH_MODE=token, the token being in ~/.ray/auth_token or RAY_AUTH_TOKEN"


def package_bytes():
    """This package as a zip, so that workers of other machines have it."""
    here = os.path.dirname(os.path.abspath(__file__))
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(os.listdir(here)):
            if name.endswith(".py"):
                archive.write(os.path.join(here, name), f"initscope_probe/{name}")
    return data.getvalue()


def make_actor(ray):
    """The actor that keeps one probe as a child process: killed with it, whatever ends it."""

    class Worker:
        def __init__(self, package, start, cwd, environment, threads):
            import io
            import os
            import shutil
            import subprocess
            import sys
            import tempfile
            import zipfile

            self.folder = tempfile.mkdtemp(prefix="initscope-")
            zipfile.ZipFile(io.BytesIO(package)).extractall(self.folder)
            env = {k: v for k, v in os.environ.items() if threads or k != "OMP_NUM_THREADS"}
            env.update(
                environment,
                TMPDIR=self.folder,
                TEMP=self.folder,
                MPLCONFIGDIR=self.folder,
                INITSCOPE_TEMP=self.folder,
            )
            parent = os.getpid()

            def die_with_parent():
                try:
                    import ctypes
                    import signal

                    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
                    if os.getppid() != parent:
                        os._exit(1)
                except Exception:
                    pass

            self.remove = shutil.rmtree
            self.process = subprocess.Popen(
                [sys.executable, "-X", "utf8", "-u", "-c", start, self.folder],
                cwd=cwd if os.path.isdir(cwd) else self.folder,
                env=env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                preexec_fn=die_with_parent if sys.platform.startswith("linux") else None,
            )

        def send(self, line):
            """Passes a line to the probe."""
            try:
                self.process.stdin.write((line + "\n").encode())
                self.process.stdin.flush()
            except OSError:
                pass

        def receive(self):
            """The probe's next line; or how it ended, with what it said last."""
            line = self.process.stdout.readline()
            if line:
                return line.decode("utf-8", "replace").rstrip("\n"), None
            said = self.process.stderr.read().decode("utf-8", "replace")[-4000:]
            return None, (self.process.wait(), said)

        def end(self):
            """Kills the probe and takes its folder away."""
            self.process.kill()
            self.process.wait()
            self.remove(self.folder, ignore_errors=True)

    return ray.remote(num_cpus=0.01, max_concurrency=3, max_restarts=0, scheduling_strategy="SPREAD")(Worker)


class Driver:
    """The open probes by their numbers."""

    def __init__(self, ray, out):
        self.ray, self.out, self.actors, self.lock = ray, out, {}, threading.Lock()
        self.package, self.actor = ray.put(package_bytes()), make_actor(ray)

    def say(self, type, **content):
        """Writes one message."""
        with self.lock:
            self.out.write(json.dumps(dict(type=type, **content)) + "\n")
            self.out.flush()

    def open(self, probe, start, cwd, environment):
        """Starts a probe on a free worker and passes on what it says."""
        threads = "OMP_NUM_THREADS" in os.environ
        actor = self.actor.remote(self.package, start, cwd, environment, threads)
        self.actors[probe] = actor
        threading.Thread(target=self._listen, args=(probe, actor), daemon=True).start()

    def _listen(self, probe, actor):
        try:
            while True:
                line, end = self.ray.get(actor.receive.remote())
                if end is not None:
                    return self.say("closed", probe=probe, code=end[0], said=end[1])
                self.say("line", probe=probe, line=line)
        except Exception as error:
            self.say("closed", probe=probe, code=None, said=str(error).strip().split("\n")[0])

    def send(self, probe, line):
        """Passes a line to a probe."""
        if probe in self.actors:
            self.actors[probe].send.remote(line)

    def kill(self, probe):
        """Ends a probe and frees its worker."""
        actor = self.actors.pop(probe, None)
        if actor is None:
            return
        try:
            self.ray.get(actor.end.remote(), timeout=2)
        except Exception:
            pass
        self.ray.kill(actor)


def knock(address):
    """Raises an OSError where nothing listens at HOST:PORT. Names that only Ray knows ('auto') are left to it."""
    host, _colon, port = address.rpartition("://")[2].rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host.strip("[]"), int(port)), LISTENS_S).close()


def main():
    """`python -m initscope_probe.ray_driver ADDRESS WORKERS FOLDER`; an empty address is a cluster of this machine's own."""
    address, workers, folder = sys.argv[1:4]
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)

    def refuse(message):
        out.write(json.dumps({"type": "error", "message": message}) + "\n")
        out.flush()

    try:
        import ray
    except ImportError:
        return refuse(f"There is no Ray in {sys.executable}; install it: {sys.executable} -m pip install ray")
    where = f"Ray could not be reached{f' at {address}' if address else ''}"

    def late():
        refuse(f"{where}: no answer in {ANSWERS_S} s")
        os._exit(1)

    quiet = dict(configure_logging=False, log_to_driver=False)
    timer = threading.Timer(ANSWERS_S, late)
    timer.daemon = True
    try:
        knock(address)
        timer.start()
        if address:
            ray.init(address=address, **quiet)
        else:
            ray.init(num_cpus=int(workers), include_dashboard=False, _temp_dir=folder, **quiet)
    except Exception as error:
        # Ray itself says of this only that it cannot connect.
        token = TOKEN if "AuthToken" in traceback.format_exc() else None
        said = token or getattr(error, "strerror", None) or str(error)
        return refuse(f"{where}: {' '.join(said.split())[:300]}")
    finally:
        timer.cancel()
    driver = Driver(ray, out)
    cores = int(ray.cluster_resources().get("CPU", 1))
    slots = max(1, min(int(workers), cores) if int(workers) else cores)
    driver.say("ready", slots=slots, version=ray.__version__, nodes=len(ray.nodes()))
    try:
        for line in sys.stdin:
            message = json.loads(line)
            getattr(driver, {"open": "open", "send": "send", "kill": "kill"}[message.pop("type")])(**message)
    finally:
        for probe in list(driver.actors):
            driver.kill(probe)
        ray.shutdown()


if __name__ == "__main__":
    main()
