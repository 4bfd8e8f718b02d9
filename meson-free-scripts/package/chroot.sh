# Sourced by the scripts beside it, after common.sh: a bare Debian in a folder, and commands inside. Needs root.
copies=(/etc/resolv.conf /etc/hosts)
variables=()
base=
apt_cache=
system=

# in_own_namespace ARGUMENTS…: starts the calling script again with mounts of its own, which end with it.
in_own_namespace() {
  [[ $(id -u) -eq 0 ]] || die "$(basename "$0"): needs root, to make and enter a system."
  if [[ ${DEID_OWN_NAMESPACE:-} != $$ ]]; then
    DEID_OWN_NAMESPACE=$$ exec unshare --mount --propagation private "$0" "$@"
  fi
}

chroot_options='  --base TAR       unpack this system rather than call debootstrap (a tar of: debootstrap --variant=minbase
                   --include=ca-certificates RELEASE)
  --apt-cache DIR  keep downloaded packages in this folder, and take those that are there
  --copy PATH      copy this file of the host to the same place in there, e.g. /etc/pip.conf behind a proxy
  --env NAME       pass this variable on, e.g. https_proxy; all others are left out'

# chroot_option OPTION VALUE: takes one of the options above; false for any other.
chroot_option() {
  case $1 in
  --base) base=$(realpath "$2") ;;
  --apt-cache) apt_cache=$(realpath -m "$2") ;;
  --copy) copies+=("$2") ;;
  --env) [[ -z ${!2:-} ]] || variables+=("$2=${!2}") ;;
  *) return 1 ;;
  esac
}

# make_system DIR RELEASE: a bare Debian there, with /proc, /dev and /tmp. DIR must not exist.
make_system() {
  local mirror path
  system=$(realpath -m "$1")
  [[ ! -e $system ]] || die "$(basename "$0"): $system exists already; name a folder that does not."
  if [[ $base ]]; then
    mkdir -p "$system"
    tar -C "$system" -xf "$base"
  else
    command -v debootstrap >/dev/null || die "$(basename "$0"): debootstrap is missing; install it with: apt-get install debootstrap"
    mirror=$(apt-get indextargets --format '$(SITE) $(ORIGIN) $(CREATED_BY)' |
      awk '$2 == "Debian" && $3 == "Packages" && !/security/ && !found {print $1; found = 1}')
    debootstrap --variant=minbase --include=ca-certificates "$2" "$system" "${mirror:-http://deb.debian.org/debian}" \
      >"$system.log" 2>&1 || die "$(basename "$0"): debootstrap failed; see $system.log"
  fi
  # A system that is thrown away needs no sync to disk after each file.
  [[ ! ${throwaway:-} ]] || echo force-unsafe-io >"$system/etc/dpkg/dpkg.cfg.d/throwaway"
  for path in "${copies[@]}"; do
    mkdir -p "$system$(dirname "$path")"
    cp -aL "$path" "$system$(dirname "$path")/"
  done
  enter_system "$system"
}

# enter_system DIR: mounts what a system that make_system made needs.
enter_system() {
  system=$(realpath "$1")
  mount -t proc proc "$system/proc"
  mount -t sysfs -o ro sysfs "$system/sys"
  mount --rbind /dev "$system/dev"
  mount -t tmpfs tmpfs "$system/tmp"
  if [[ $apt_cache ]]; then
    mkdir -p "$apt_cache" "$system/var/cache/apt/archives"
    mount --bind "$apt_cache" "$system/var/cache/apt/archives"
  fi
}

# throw_away_at_end [DIR]: deletes the system, and the folder that it lies in if named, when the script ends. What is mounted
# in there goes first.
throw_away_at_end() {
  around=${1:-}
  trap 'umount -R -l "$system"/{proc,sys,dev,tmp} 2>/dev/null || true
    umount -l "$system/var/cache/apt/archives" "$system/ccache" 2>/dev/null || true
    findmnt -rno TARGET | grep -q "^$system/" || rm -rf --one-file-system "$system" ${around:+"$around"}' EXIT
}

# inside COMMAND…: runs it in there, as root, with no variables but those passed on.
inside() {
  chroot "$system" env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive "${variables[@]}" "$@"
}

# install_inside PACKAGES…: apt-get, quiet unless it fails.
install_inside() {
  inside sh -c 'apt-get update && exec apt-get install -y --no-install-recommends "$@"' apt "$@" >"$system.apt.log" 2>&1 ||
    die "$(basename "$0"): apt-get could not install $* ($(sed -n 's/^E: //p' "$system.apt.log" | tail -1) All of it: $system.apt.log)."
}

# The time of the commit in seconds: what is built from one commit names one time.
time_of_commit() { git -C "$root" log -1 --format=%ct; }

product_version() { sed -n 's/^project(gst-deid VERSION \([0-9.]*\).*/\1/p' "$root/CMakeLists.txt"; }
