"""What a batch costs: memory by size and method, and what parts cost beyond the whole."""
import os
import pathlib
import shutil
import subprocess
import time

from benchlib import places

SIZES = ((640, 480), (1280, 720), (1920, 1080), (3840, 2160))


def spent(line, cwd, env, cores=None):
    """(exit status, CPU seconds, wall seconds, greatest resident set [MB])"""
    begin = time.monotonic()
    process = subprocess.Popen(line, cwd=cwd, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               preexec_fn=(lambda: os.sched_setaffinity(0, cores)) if cores else None)
    _, status, use = os.wait4(process.pid, 0)
    return os.waitstatus_to_exitcode(status), use.ru_utime + use.ru_stime, time.monotonic() - begin, use.ru_maxrss / 1024


def memory(folder, build, methods):
    """[{method, width, height, mb, cpu_ms_a_frame}] of clips of one face."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    source = places.need(places.DEPS / "footage" / "single_face.mp4", "run meson-free-scripts/setup")
    rows = []
    for width, height in SIZES:
        clip = folder / f"{height}.mp4"
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", str(source), "-an", "-vf", f"scale={width}:{height}", "-c:v", "libx264", "-preset",
                        "ultrafast", str(clip)], check=True)
        for method in methods:
            out = folder / "out.mp4"
            out.unlink(missing_ok=True)
            status, cpu, _, megabytes = spent([str(pathlib.Path(build) / "bin" / "deid"), "run", str(clip), "-o", str(out), "--method", method, "-q"], folder,
                                              places.product_env(build))
            if status != 0:
                raise places.BenchError(f"{method} of {width}x{height} failed")
            rows.append({"method": method, "width": width, "height": height, "mb": round(megabytes), "cpu_ms_a_frame": round(1000 * cpu / 72)})
    return rows


def parts(b, count):
    """CPU of a whole batch and of its parts; wall time of the parts side by side, each on a processor of its own."""
    for folder in ("out", "audits", "one", "audits-one"):
        shutil.rmtree(b.folder / folder, ignore_errors=True)
    _, whole_cpu, whole_wall, _ = spent(b.line("one"), b.folder, b.env, {0})
    cpus, walls = [], []
    for index in range(1, count + 1):
        status, cpu, wall, _ = spent(b.line("out", ["--shard", f"{index}/{count}"]), b.folder, b.env, {0})
        if status != 0:
            raise places.BenchError(f"part {index} of {count} failed")
        cpus.append(cpu)
        walls.append(wall)
    return {"parts": count, "whole_cpu": whole_cpu, "parts_cpu": sum(cpus), "whole_wall": whole_wall, "longest_wall": max(walls),
            "longest_cpu": max(cpus)}
