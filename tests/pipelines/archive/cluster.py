"""A Slurm of one's own: munged, slurmctld and slurmd of several nodes on this computer, with ports and folders of their own. Needs no
rights, no systemd and no control groups. Debian's packages: slurm-wlm, munge."""
import contextlib
import getpass
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

NEEDED = ["munged", "slurmctld", "slurmd", "sbatch", "scontrol", "squeue", "scancel"]
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def missing():
    """Names of the programs that are not installed."""
    return [name for name in NEEDED if not shutil.which(name, path=PATH)]


def free_ports(count):
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def runs(pid):
    """Whether a process runs. One that ended and that its parent did not ask about does not."""
    with contextlib.suppress(OSError):
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def wait_for(what, condition, seconds=300):
    """Returns the condition's value as soon as it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(.2)
    raise AssertionError(f"{what} did not happen within {seconds} s")


class Cluster:
    """with Cluster(folder, ["n1", "n2"]) as cluster: …"""

    def __init__(self, folder, nodes):
        self.folder = pathlib.Path(folder)
        self.nodes = nodes
        self.conf = self.folder / "slurm.conf"
        self.env = dict(os.environ, SLURM_CONF=str(self.conf), PATH=PATH)
        self.munge = self.folder / "munge"

    def __enter__(self):
        for name in ["state", "munge"] + ["spool/" + node for node in self.nodes]:
            (self.folder / name).mkdir(parents=True)
        self.munge.chmod(0o700)
        (self.munge / "key").write_bytes(os.urandom(64))
        (self.munge / "key").chmod(0o400)
        self.write_configuration()
        try:
            self.run("munged", "--force", f"--key-file={self.munge}/key", f"--socket={self.munge}/socket", f"--pid-file={self.munge}/pid",
                     f"--log-file={self.munge}/log", f"--seed-file={self.munge}/seed")
            self.run("slurmctld", "-c")
            for node in self.nodes:
                self.run("slurmd", "-N", node)
            wait_for("the nodes' start", lambda: self.run("sinfo", "-h", "-o", "%T %D").split() == ["idle", str(len(self.nodes))], 60)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *_):
        subprocess.run(["scancel", "--user", getpass.getuser()], env=self.env, capture_output=True, timeout=60)
        files = [self.folder / f"slurmd-{node}.pid" for node in self.nodes] + [self.folder / "slurmctld.pid", self.munge / "pid"]
        daemons = []
        for file in files:
            with contextlib.suppress(OSError, ValueError):
                daemons.append(int(file.read_text()))
                os.kill(daemons[-1], signal.SIGTERM)
        # A daemon writes its state when it ends: a folder that is deleted before would fill again.
        with contextlib.suppress(AssertionError):
            wait_for("the daemons' end", lambda: not any(map(runs, daemons)), 60)
        for pid in [pid for pid in daemons if runs(pid)] + self.processes():
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(AssertionError):
            wait_for("the programs' end", lambda: not any(map(runs, self.processes())), 60)

    def write_configuration(self):
        host = socket.gethostname().split(".")[0]
        controller, *ports = free_ports(1 + len(self.nodes))
        nodes = "\n".join(f"NodeName={node} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs=1 RealMemory=3000"
                          for node, port in zip(self.nodes, ports))
        user = getpass.getuser()
        self.conf.write_text(f"""ClusterName=deid
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={self.munge}/socket,cred_expire=5
SlurmctldPort={controller}
StateSaveLocation={self.folder}/state
SlurmdSpoolDir={self.folder}/spool/%n
SlurmctldPidFile={self.folder}/slurmctld.pid
SlurmdPidFile={self.folder}/slurmd-%n.pid
SlurmctldLogFile={self.folder}/slurmctld.log
SlurmdLogFile={self.folder}/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
MpiDefault=none
SlurmdTimeout=10
KillWait=10
MinJobAge=3600
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
{nodes}
PartitionName=archive Nodes={",".join(self.nodes)} Default=YES State=UP PriorityTier=1 PreemptMode=REQUEUE
PartitionName=urgent Nodes={",".join(self.nodes)} State=UP PriorityTier=10 PreemptMode=OFF
""")

    def run(self, *command):
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
        return done.stdout

    def processes(self, **variables):
        """Ids of our processes, by the configuration and other variables of their environment; programs of the user in jobs."""
        wanted = {f"SLURM_CONF={self.conf}".encode()} | {f"{name}={value}".encode() for name, value in variables.items()}
        found = []
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if int(folder.name) != os.getpid() and wanted <= set((folder / "environ").read_bytes().split(b"\0")):
                    found.append(int(folder.name))
        return found

    def kill_node(self, node):
        """What a loss of power does: the daemon, its helpers and all programs of its jobs end at once."""
        number = self.folder / f"slurmd-{node}.pid"
        daemon = int(number.read_text())
        programs = self.processes(SLURMD_NODENAME=node)
        helpers = [int(folder.name) for folder in pathlib.Path("/proc").glob("[0-9]*") if self.is_helper(folder, node)]
        for pid in [daemon, *helpers, *programs]:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        number.unlink()  # another program may get this number
        return len(programs)

    def is_helper(self, folder, node):
        """Whether a process is a slurmstepd of the node: they are told their folder in no argument, but keep their log open."""
        with contextlib.suppress(OSError):
            if (folder / "comm").read_text().strip() == "slurmstepd":
                return any(os.path.realpath(link) == str(self.folder / f"slurmd-{node}.log") for link in (folder / "fd").iterdir())
        return False

    def jobs(self, job):
        """[{field: value}] of a job, or of all tasks of an array job."""
        text = self.run("scontrol", "-o", "show", "job", str(job))
        return [dict(word.split("=", 1) for word in line.split() if "=" in word) for line in text.splitlines() if line.strip()]

    def wait(self, job, seconds=900):
        over = {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "PREEMPTED", "BOOT_FAIL", "OUT_OF_MEMORY"}
        return wait_for(f"the end of job {job}", lambda: (jobs := self.jobs(job)) and all(j["JobState"] in over for j in jobs) and jobs, seconds)
