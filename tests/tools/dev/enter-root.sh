#!/usr/bin/env bash
# The first process of a private mount and process namespace: mounts what a root needs, enters it
# and runs a command there. The kernel takes it all down with this process.
#
#   enter-root.sh ROOT SOURCE-FOLDER COMMAND…
#
# Nothing of the host is reachable inside but the source folder, six harmless devices, the API's
# OpenAPI files where there are any and, when DISPLAY is set, the user's display.
set -euo pipefail

root=$1 source=$2
shift 2

# makes it a mount of its own, as some programs expect of "/"
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"

mount -t tmpfs -o mode=0755,nosuid tmpfs "$root/dev"
for node in null zero full random urandom tty; do
  : > "$root/dev/$node"
  mount --bind "/dev/$node" "$root/dev/$node"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,mode=0620,ptmxmode=0666 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"

mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/tmp"
mount -t tmpfs -o mode=0755,nosuid,nodev tmpfs "$root/run"
mount -t tmpfs -o mode=0700,nosuid,nodev tmpfs "$root/root"

# names are resolved as on the host now, not as on the day the root was made
if [[ -e /etc/resolv.conf ]]; then
  [[ -e $root/etc/resolv.conf ]] || : > "$root/etc/resolv.conf"
  mount --bind /etc/resolv.conf "$root/etc/resolv.conf"
fi

# and servers are trusted as on the host, whose network may have an authority of its own
certificates=/etc/ssl/certs/ca-certificates.crt
if [[ -s $certificates && -e $root$certificates ]]; then
  mount --bind "$certificates" "$root$certificates"
fi

if [[ -n ${DISPLAY:-} && -d /tmp/.X11-unix ]]; then
  mkdir "$root/tmp/.X11-unix"
  mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
  if [[ -e ${XAUTHORITY:-} ]]; then
    cp "$XAUTHORITY" "$root/tmp/.Xauthority"
    export XAUTHORITY=/tmp/.Xauthority
  fi
fi

# what tests hold answers against: in COMFY_CONTRACTS, or beside the project
contracts=${COMFY_CONTRACTS:-$source/../shared/contracts}
unset COMFY_CONTRACTS
if [[ -d $contracts ]]; then
  export COMFY_CONTRACTS=/run/comfy-contracts
  mkdir "$root$COMFY_CONTRACTS"
  mount --bind "$contracts" "$root$COMFY_CONTRACTS"
  mount -o remount,bind,ro "$root$COMFY_CONTRACTS"
fi

# last, because the source may lie below any of the above
mkdir -p "$root$source"
mount --rbind "$source" "$root$source"

export HOME=/root
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
exec chroot "$root" /usr/bin/env --chdir="$source" "$@"
