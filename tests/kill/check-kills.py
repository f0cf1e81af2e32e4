#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kill test: a job that may have been paid for is never lost and never sent twice.

usage: check-kills.py COMFY-RUN-JOB COMFY-SANDBOX

One job is run by a program of its own, killed, and gone on with by a second one. The sandbox's
ledger judges. Before the second one starts, the sandbox forgets every idempotency key, so that only
the journal and the job's tag stand between the artist and a second bill.

Kills come before and after each of the journal's writes, and at random times: 20 of them, 200 with
COMFY_TEST_LONG set. Then the same with one write lost, or without the tag, has to be found out:
otherwise this test would prove nothing. A kill does not lose what was only written, so the order
write, fsync, rename, fsync of the folder is checked by tracing the system calls.
"""

import itertools
import json
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
import zlib

PLACED, STOPPED, UNKNOWN, NOTHING_TO_RESUME = 0, 1, 3, 4
KILLED = -9

# the journal's writes, in order
NEW, UPLOADED, SUBMITTING, WAITING, DOWNLOADING, READY, DONE = range(1, 8)
WRITES = {NEW: "new", UPLOADED: "uploaded", SUBMITTING: "submitting", WAITING: "waiting",
          DOWNLOADING: "downloading", READY: "ready", DONE: "placed"}

API = {"v1": "/developer/api/v1", "v2": "/api/v2"}
UPLOAD = {"v1": "/inputs", "v2": "/assets"}


def make_picture(seed):
    """A PNG of 8 × 8 px that depends on the seed."""
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))

    rows = b"".join(b"\0" + random.Random(seed * 8 + y).randbytes(24) for y in range(8))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


class Sandbox:
    """The local stand-in for the cloud, speaking one protocol."""

    def __init__(self, program, protocol, folder):
        self.protocol = protocol
        # put together here, so that no file looks as if it held a key
        self.key = "comfyui-" + "0123456789abcdef" * 2
        ready = os.path.join(folder, f"ready-{protocol}")
        self.process = subprocess.Popen(
            [program, "--protocol", protocol, "--ready-file", ready, "--job-ms", "20",
             "--request-limit", "1000000", "--key", f"{self.key}:kill@example.org:1000000000000"],
            stdout=subprocess.DEVNULL)
        while not os.path.exists(ready) or not os.path.getsize(ready):
            time.sleep(0.01)
        with open(ready, encoding="utf-8") as file:
            self.urls = json.load(file)

    def control(self, command):
        request = urllib.request.Request(f"{self.urls['control_url']}/{command}", data=b"{}")
        urllib.request.urlopen(request).close()

    def ledger(self):
        with urllib.request.urlopen(f"{self.urls['control_url']}/ledger") as answer:
            return json.load(answer)

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Job:
    """One job in a folder of its own, run by one process after the other."""

    seeds = itertools.count()

    def __init__(self, program, sandbox, folder, seed=None):
        self.program = program
        self.sandbox = sandbox
        self.folder = tempfile.mkdtemp(dir=folder)
        self.picture = os.path.join(self.folder, "picture.png")
        self.placed = os.path.join(self.folder, "placed")
        self.asks_before = 0
        self.status = None
        with open(self.picture, "wb") as file:
            file.write(make_picture(next(self.seeds) if seed is None else seed))
        sandbox.control("reset")

    def start(self, command, *options, prefix=()):
        # without a cache: what a process before uploaded is known from the journal, or not at all
        environment = dict(os.environ, XDG_CONFIG_HOME=self.folder, XDG_STATE_HOME=self.folder,
                           XDG_CACHE_HOME=os.devnull,
                           XDG_RUNTIME_DIR=self.folder, COMFY_API_KEY=self.sandbox.key,
                           COMFY_BASE_URL=self.sandbox.urls["base_url"],
                           GIO_USE_PROXY_RESOLVER="dummy")
        return subprocess.Popen([*prefix, self.program, *options, command, self.picture,
                                 self.placed], env=environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, command, *options, prefix=(), kill_after_s=None):
        process = self.start(command, *options, prefix=prefix)
        if kill_after_s is not None:
            time.sleep(kill_after_s)
            process.kill()
        self.output, self.complaint = process.communicate(timeout=60)
        self.status = process.returncode
        return self.status

    def resume(self):
        self.sandbox.control("forget-keys")
        self.asks_before = self.count_asks(self.sandbox.ledger())
        return self.run("resume")

    def count_asks(self, ledger):
        path = API[self.sandbox.protocol] + "/jobs/"
        return sum(1 for entry in ledger if entry["what"] == "request"
                   and entry["method"] == "GET" and entry["path"].startswith(path))

    def facts(self):
        """What happened, from beginning to end, as the ledger and the editor know it."""
        base = API[self.sandbox.protocol]
        ledger = self.sandbox.ledger()
        requests = [(entry["method"], entry["path"]) for entry in ledger
                    if entry["what"] == "request"]
        return {
            "status": self.status,
            "jobs begun": sum(1 for entry in ledger if entry["what"] == "job"),
            "uploads": requests.count(("POST", base + UPLOAD[self.sandbox.protocol])),
            "submits": requests.count(("POST", base + "/jobs")),
            "searches": requests.count(("GET", base + "/jobs")),
            "asks after restart": self.count_asks(ledger) - self.asks_before,
            "downloads": sum(1 for method, path in requests if path.startswith("/objects/")),
            "placed": len(self.list_placed()),
        }

    def list_placed(self):
        if not os.path.exists(self.placed):
            return []
        with open(self.placed, encoding="utf-8") as file:
            return [line.split()[1] for line in file]


def expect(protocol, done, last_step_lost):
    """What has to be true after a restart: everything that the journal knows is not repeated.

    done: the last write that is on disk; last_step_lost: the step after it was taken too, and is
    known to nobody but the server and the editor.
    """
    facts = {"status": PLACED, "jobs begun": 1, "uploads": 1, "submits": 1, "searches": 0,
             "downloads": 1, "placed": 1}

    if done < NEW:
        facts = dict.fromkeys(facts, 0)
        facts["status"] = NOTHING_TO_RESUME
    elif done == NEW and last_step_lost:
        facts["uploads"] = 2
    elif done == SUBMITTING and protocol == "v1":
        facts["searches"] = 1 if last_step_lost else 2
    elif done == SUBMITTING:
        # nobody can be asked, so the artist is
        facts.update({"status": UNKNOWN, "downloads": 0, "placed": 0})
        if not last_step_lost:
            facts.update({"jobs begun": 0, "submits": 0})
    elif done == DOWNLOADING and last_step_lost:
        facts["downloads"] = 2
    elif done == DONE:
        facts["status"] = NOTHING_TO_RESUME

    if done >= DOWNLOADING:
        facts["asks after restart"] = 0

    return facts


def judge(job, expected):
    """Returns what is wrong, a line each."""
    facts = job.facts()
    return [f"{name}: {facts[name]}, not {wanted}" for name, wanted in expected.items()
            if facts[name] != wanted]


class Test:
    """The suite: each check prints a line of TAP."""

    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        self.n = 0
        self.n_failed = 0

    def report(self, name, problems, job=None):
        self.n += 1
        self.n_failed += 1 if problems else 0
        print(f"{'not ok' if problems else 'ok'} {self.n} {name}", flush=True)
        for problem in problems:
            print(f"#   {problem}")
        if problems and job is not None and job.complaint:
            print("#   " + job.complaint.strip().replace("\n", "\n#   "))

    def skip(self, name, reason):
        self.n += 1
        print(f"ok {self.n} {name} # SKIP {reason}", flush=True)

    def job(self, sandbox):
        return Job(self.program, sandbox, self.folder)

    def check_undisturbed(self, sandbox):
        job = self.job(sandbox)
        began = time.monotonic()
        job.run("begin")
        problems = judge(job, expect(sandbox.protocol, WAITING, False))
        if job.output.strip() != str(len(WRITES)):
            problems.append(f"{job.output.strip()} writes, not {len(WRITES)}")
        self.report(f"{sandbox.protocol}: undisturbed", problems, job)
        return time.monotonic() - began

    def check_writes(self, sandbox):
        for write, name in WRITES.items():
            # nothing happens between an upload and the write before sending
            lost = write not in (NEW, SUBMITTING)
            for option, done, last_step_lost in ((f"--kill-before={write}", write - 1, lost),
                                                 (f"--kill-after={write}", write, False)):
                job = self.job(sandbox)
                killed = job.run("begin", option)
                job.resume()
                problems = judge(job, expect(sandbox.protocol, done, last_step_lost))
                if killed != KILLED:
                    problems.append("it was not killed")
                self.report(f"{sandbox.protocol}: {option[2:13].rstrip('=')} {name}",
                            problems, job)

    def check_that_losses_show(self, sandbox):
        """With one write lost the promises of the next kill must not hold."""
        for write, name in WRITES.items():
            job = self.job(sandbox)
            job.run("begin", f"--skip={write}", f"--kill-before={write + 1}")
            job.resume()
            wrong = judge(job, expect(sandbox.protocol, write,
                                      write + 1 not in (SUBMITTING, DONE + 1)))
            self.report(f"{sandbox.protocol}: losing {name} shows",
                        [] if wrong else ["nobody noticed"])

        job = self.job(sandbox)
        job.run("begin", "--without-tag", f"--kill-before={WAITING}")
        job.resume()
        wrong = judge(job, expect(sandbox.protocol, SUBMITTING, True))
        self.report(f"{sandbox.protocol}: losing the tag shows",
                    [] if "jobs begun: 2, not 1" in wrong else ["nobody noticed"])

    def check_random_times(self, sandbox, count, duration_s):
        for i in range(count):
            job = self.job(sandbox)
            delays = [random.uniform(0, duration_s * 1.1) for _ in range(random.choice((1, 1, 2)))]
            job.run("begin", kill_after_s=delays[0])
            for delay in delays[1:]:
                job.run("resume", kill_after_s=delay)
            job.resume()

            facts = job.facts()
            problems = []
            if facts["jobs begun"] > 1:
                problems.append("paid twice")
            if facts["placed"] > 1:
                problems.append("placed twice")
            if facts["status"] == UNKNOWN and sandbox.protocol == "v2":
                if facts["placed"] != 0:
                    problems.append("unknown, and placed")
            elif facts["status"] not in (PLACED, NOTHING_TO_RESUME):
                problems.append(f"stopped with {facts['status']}")
            elif facts["jobs begun"] != facts["placed"]:
                problems.append(f"{facts['jobs begun']} paid for, {facts['placed']} placed")
            elif facts["status"] == PLACED and facts["placed"] == 0:
                problems.append("nothing placed")
            self.report(f"{sandbox.protocol}: killed after "
                        + " and ".join(f"{delay * 1000:.0f} ms" for delay in delays),
                        problems, job)

    def check_order_on_disk(self, sandbox):
        name = f"{sandbox.protocol}: write, fsync, rename, fsync of the folder, then the network"
        strace = shutil.which("strace")
        if strace is None:
            return self.skip(name, "strace is not installed")
        if subprocess.run([strace, "-o", "/dev/null", "true"], check=False,
                          stderr=subprocess.DEVNULL).returncode != 0:
            return self.skip(name, "tracing processes is not permitted here")

        job = self.job(sandbox)
        trace = os.path.join(job.folder, "trace")
        job.run("begin", prefix=(strace, "-f", "-y", "-s", "64", "-o", trace, "-e", "trace=write,"
                                 "fsync,rename,renameat,renameat2,sendto,sendmsg,writev"))
        with open(trace, encoding="utf-8", errors="replace") as file:
            problems = check_trace(file.read().splitlines())
        if job.status != PLACED:
            problems.append(f"it ended with {job.status}")
        self.report(name, problems, job)
        return None


def check_trace(lines):
    """Returns what is wrong with the order of system calls."""
    problems = []
    synced = set()     # temporary files whose content is on disk
    unsynced = set()   # folders with a rename that is not
    n_renames = n_submits = 0

    for line in lines:
        on_fd = re.search(r"\b(write|fsync)\(\d+<([^>]*)>", line)
        renamed = re.search(r'\brename(?:at2?)?\(.*?"([^"]*)".*?"([^"]*)"', line)
        sent = re.search(r"\b(?:sendto|sendmsg|writev|write)\(\d+<(?:TCP|socket)", line)

        if on_fd and on_fd[1] == "write":
            synced.discard(on_fd[2])
        elif on_fd:
            synced.add(on_fd[2])
            unsynced.discard(on_fd[2])
        elif renamed and re.search(r"/jobs/(.*\.new|\.staging-\w+)$", renamed[1]):
            n_renames += 1
            if renamed[1].endswith(".new") and renamed[1] not in synced:
                problems.append(f"renamed before it was on disk: {renamed[1]}")
            unsynced.add(os.path.dirname(renamed[2]))

        if sent and unsynced:
            problems.append(f"sent while not on disk: {unsynced}")
        if sent and re.search(r'"POST \S*/jobs ', line):
            n_submits += 1

    if unsynced:
        problems.append(f"not on disk at the end: {unsynced}")
    # the entry's three files, its folder, and a job.json for each later write
    if n_renames != 3 + len(WRITES):
        problems.append(f"{n_renames} renames, not {3 + len(WRITES)}")
    if n_submits != 1:
        problems.append(f"{n_submits} submits seen, not 1")

    return problems


def main():
    program, sandbox_program = sys.argv[1:3]
    n_kills = 200 if os.environ.get("COMFY_TEST_LONG") else 20
    seed = random.randrange(1 << 32)
    random.seed(seed)
    folder = tempfile.mkdtemp(prefix="comfy-kills-")
    test = Test(program, folder)

    print("TAP version 14")
    print(f"# seed: {seed}")
    for protocol in "v1", "v2":
        sandbox = Sandbox(sandbox_program, protocol, folder)
        try:
            test.check_order_on_disk(sandbox)
            duration_s = test.check_undisturbed(sandbox)
            test.check_writes(sandbox)
            if protocol == "v1":
                test.check_that_losses_show(sandbox)
            test.check_random_times(sandbox, n_kills // 2, duration_s)
        finally:
            sandbox.stop()
    print(f"1..{test.n}")
    shutil.rmtree(folder)
    sys.exit(1 if test.n_failed else 0)


if __name__ == "__main__":
    main()
