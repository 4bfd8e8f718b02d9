"""slurm_test.py DEID: deid slurm on a real Slurm of two nodes, with 40 short videos, one of them broken. A node dies midway, and a more
urgent job takes the other one. Every video must be done exactly once, with the same bytes as on one computer. Exit status 77: Slurm, munge or
ffmpeg is not installed."""
import hashlib
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import cluster as slurm

COUNT = 40
BROKEN = "day2/broken 07.mp4"


def make_videos(folder):
    """Videos of 320 x 240 px, all different, in two folders. One takes about a second, so that much is left when a node dies and when the more
    urgent job comes."""
    for number in range(COUNT):
        file = folder / (BROKEN if number == 7 else f"day{1 + number % 2}/clip {number:02}.mp4")
        file.parent.mkdir(parents=True, exist_ok=True)
        if number == 7:
            file.write_text("no video")
            continue
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", f"testsrc2=size=320x240:rate=25:duration={1.2 + number / 25}",
                        "-c:v", "libx264", "-pix_fmt", "yuv420p", str(file)], check=True)


def results(folder):
    """{name: hash} of all files outside of the records."""
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in sorted(folder.rglob("*")) if file.is_file() and ".deid" not in file.parts}


def records(folder):
    return [json.loads(file.read_text()) for file in (folder / ".deid" / "files").glob("*/state.json")]


def done(folder):
    return sum(record["status"] == "done" for record in records(folder))


def expect(condition, what):
    print(("ok    " if condition else "WRONG ") + what, flush=True)
    if not condition:
        raise AssertionError(what)


def submit(deid, cluster, work):
    made = subprocess.run([deid, "slurm", "in", "-o", "out", "--method", "mask", "--crf", "30", "--time", "30:00", "--cpus-per-task", "1", "--speed",
                           ".4", "--most-tasks", "6", "--logs", "logs", "--partition", "archive", "--submit"],
                          cwd=work, env=cluster.env, capture_output=True, text=True, timeout=120)
    expect(made.returncode == 0, f"deid slurm submits: {made.stderr.strip()}")
    return dict(line.split() for line in made.stdout.splitlines())


def running(cluster, jobs, node):
    """{id: how often Slurm started it again} of the tasks that work on a node."""
    return {task["JobId"]: int(task["Restarts"]) for task in cluster.jobs(jobs["array"])
            if task["JobState"] == "RUNNING" and task.get("NodeList") == node and cluster.processes(SLURMD_NODENAME=node)}


def give_way(cluster, work, jobs):
    """A more urgent job takes the other node. Returns whether a task had to give way: one may have ended just before."""
    there = slurm.wait_for("a task on the other node", lambda: running(cluster, jobs, "n2"))
    urgent = cluster.run("sbatch", "--parsable", "--partition=urgent", "--nodelist=n2", "--mem=100", f"--output={work}/logs/urgent.log", "--wrap",
                         "sleep 2").strip()
    expect(cluster.wait(urgent)[0]["JobState"] == "COMPLETED", "the urgent job ran")
    now = {task["JobId"]: int(task["Restarts"]) for task in cluster.jobs(jobs["array"])}
    return any(now[task] > before for task, before in there.items())


def disturb(cluster, work, jobs):
    """One node dies while its task works; a more urgent job takes the other one. Returns when both tasks were started again."""
    slurm.wait_for("work on both nodes", lambda: done(work / "out") >= 4 and all(running(cluster, jobs, n) for n in cluster.nodes))
    expect(cluster.kill_node("n1") > 0, "a program ran on the node that died")
    expect(any(give_way(cluster, work, jobs) for _ in range(4)), "a task gave way to the urgent job")


def check(cluster, work, jobs):
    tasks = cluster.wait(jobs["array"])
    summary = cluster.wait(jobs["summary"])[0]
    restarts = sum(int(task["Restarts"]) for task in tasks)
    expect(restarts >= 2, f"Slurm started tasks again: {restarts} times")
    found = records(work / "out")
    expect(len(found) == COUNT, "every video has a record")
    once = [r["output"] for r in found if [a.get("outcome") for a in r["attempts"]].count("done") == 1 and r["status"] == "done"]
    expect(len(once) == COUNT - 1, f"{len(once)} videos were done exactly once")
    lost = [a for r in found if r["output"] != BROKEN for a in r["attempts"] if a.get("outcome") != "done"]
    # None is lost when a task is ended before its first video or between two.
    expect(len(lost) <= restarts, f"{len(lost)} begun videos were lost by {restarts} restarts")
    here, one = results(work / "out"), results(work / "one")
    other = sorted(name for name in here.keys() | one.keys() if here.get(name) != one.get(name))
    expect(not other, "the results are those of one computer, byte by byte, and nothing else is there" + (f", except {other}" if other else ""))
    report = json.loads((work / "out/.deid/report.json").read_text())
    expect(report["counts"]["done"] == COUNT - 1 and report["counts"]["failed"] == 1 and not report["complete"], f"the report counts: {report['counts']}")
    failed = [r for r in report["results"] if r["status"] == "failed"]
    expect([r["output"] for r in failed] == [BROKEN] and failed[0]["why"], f"the report says why: {failed[0]['why']}")
    expect(summary["ExitCode"] == "1:0", f"the summary job's exit status is that of deid status: {summary['ExitCode']}")


def repair(deid, cluster, work):
    """After the broken video was replaced, a second submission does this one alone."""
    shutil.copy(work / "in/day1/clip 00.mp4", work / "in" / BROKEN)
    before = {r["output"]: r["attempts"] for r in records(work / "out")}
    jobs = submit(deid, cluster, work)
    cluster.wait(jobs["array"])
    expect(cluster.wait(jobs["summary"])[0]["ExitCode"] == "0:0", "after the repair the summary job ends well")
    changed = [r["output"] for r in records(work / "out") if r["attempts"] != before[r["output"]]]
    expect(changed == [BROKEN], "only the failed video was done again")


def main(deid):
    if missing := slurm.missing() + [name for name in ["ffmpeg"] if not shutil.which(name)]:
        print(f"skipped: {', '.join(missing)} not installed (Debian: slurm-wlm munge ffmpeg); deid slurm was tried on no Slurm")
        return 77
    with tempfile.TemporaryDirectory(prefix="deid-slurm-") as folder:
        work = pathlib.Path(folder) / "work"
        make_videos(work / "in")
        begin = time.monotonic()
        one = subprocess.run([deid, "run", "in", "-o", "one", "--method", "mask", "--crf", "30", "--quiet"], cwd=work, timeout=900)
        expect(one.returncode == 1, f"one computer does it in {time.monotonic() - begin:.0f} s, and says that a video is broken")
        with slurm.Cluster(pathlib.Path(folder) / "slurm", ["n1", "n2"]) as cluster:
            try:
                jobs = submit(deid, cluster, work)
                disturb(cluster, work, jobs)
                check(cluster, work, jobs)
                repair(deid, cluster, work)
            except AssertionError:
                for log in sorted((work / "logs").glob("*.log")) + [cluster.folder / "slurmctld.log"]:
                    print(f"--- {log.name}\n{log.read_text()[-3000:]}")
                raise
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # a test that is ended ends its daemons
    sys.exit(main(sys.argv[1]))
