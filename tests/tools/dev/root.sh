# shellcheck shell=bash
# A Debian 13 system in the user's cache folder, for systems whose own GIMP is older than 3.

debian_release=trixie
# bump when the making of a root changes in a way that packages.txt does not show
root_recipe=1

# Sets cache_dir and root_dir. A root belongs to one list of packages.
locate_root ()
{
  local hash

  hash=$({ echo "$debian_release $root_recipe"; packages_for debian; } | sha256sum | cut -c 1-12)
  cache_dir=${XDG_CACHE_HOME:-$HOME/.cache}/comfy-cloud-gimp
  root_dir=$cache_dir/root-$hash
}

# A namespace of our own: what is mounted in it is seen by nobody else and ends with its last
# process, at the latest with this one. Without root's rights that takes the user's range of ids.
in_namespace ()
{
  local flags=(--mount --propagation private --pid --fork --kill-child --ipc)

  if [[ $(id -u) != 0 ]]; then
    flags+=(--user --map-root-user --map-auto)
  fi
  supervise setpriv --pdeathsig KILL unshare "${flags[@]}" "$@"
}

# Debian's mirror as this host's apt knows it, else the usual one.
debian_mirror ()
{
  local mirror

  # shellcheck disable=SC2016 # apt's own placeholder
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' \
             'Label: Debian' 2>/dev/null | grep -m 1 '^https\?:' || true)
  printf '%s\n' "${mirror:-http://deb.debian.org/debian}"
}

# Prints the settings by which this host's apt reaches the network.
apt_network_options ()
{
  apt-config dump | grep -E '^Acquire::(https?::.*Proxy|ForceIPv|Retries|Check-)' |
    grep -v 'Proxy-Auto-Detect' || true
}

# Makes the root unless it is there. It gets its name when it is complete, so that what an
# interrupted call leaves is never used; the lock keeps a second call waiting until the first one is
# done.
make_root ()
{
  local options=() option mirror partial=$root_dir.partial

  [[ ! -d $root_dir ]] || return 0

  install_on_host mmdebstrap debian-archive-keyring uidmap util-linux
  in_namespace true ||
    die "This user may not make namespaces. Allow it (see unshare(1)), or call ./dev as root."

  mkdir -p "$cache_dir"
  exec 9>"$cache_dir/lock"
  flock --nonblock 9 || { say "Waiting for another ./dev that is setting up…"; flock 9; }
  [[ ! -d $root_dir ]] || return 0

  mirror=$(debian_mirror)
  while IFS= read -r option; do
    options+=(--aptopt="$option")
  done < <(apt_network_options)

  # the German locale is there to see that money and dates follow the user's
  say "Making a Debian 13 environment in $root_dir (once; 1.9 GB, 2 to 10 minutes)"
  remove_tree "$partial"
  # shellcheck disable=SC2016 # the hook's own argument
  in_namespace mmdebstrap --mode=root --variant=minbase --aptopt='APT::Install-Recommends "false"' \
    "${options[@]}" --customize-hook='chroot "$1" localedef -i de_DE -f UTF-8 de_DE.UTF-8' \
    --include="ca-certificates $(packages_for debian | tr '\n' ' ')" \
    "$debian_release" "$partial" "$mirror" 9>&-
  in_namespace tee "$partial/etc/comfy-dev-root" <<< "${root_dir##*/}" >/dev/null
  mv "$partial" "$root_dir"
  exec 9>&-
  say "The environment is complete."
  name_older_roots
}

# Some files of a root belong to ids that only the namespace can remove.
remove_tree ()
{
  [[ ! -e $1 ]] || in_namespace rm -rf --one-file-system "$1"
}

name_older_roots ()
{
  local old

  for old in "$cache_dir"/root-????????????; do
    [[ $old == "$root_dir" ]] ||
      say "An older one, if no other copy of the source uses it, can go: $old"
  done
}

# Runs a command in the root, in the source folder, which keeps its path.
enter_root ()
{
  in_namespace tests/tools/dev/enter-root.sh "$root_dir" "$PWD" "$@"
}
