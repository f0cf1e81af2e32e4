# shellcheck shell=bash
# Which system this is, and what it lacks. The package names are in packages.txt.

# Prints the names in one column of packages.txt: debian, fedora, arch or suse.
packages_for ()
{
  local column

  case $1 in
    debian) column=1 ;;
    fedora) column=2 ;;
    arch) column=3 ;;
    suse) column=4 ;;
  esac
  awk -v column="$column" '!/^#/ && $column != "-" { print $column }' tests/tools/dev/packages.txt
}

# Debian, and what calls itself like it.
is_debian_like ()
{
  [[ -r /etc/os-release ]] && command -v apt-get >/dev/null &&
    (. /etc/os-release && [[ " ${ID:-} ${ID_LIKE:-} " == *\ debian\ * ]])
}

# Whether apt can install a package. On a machine whose lists were never fetched it cannot tell.
apt_offers ()
{
  local candidate

  candidate=$(LC_ALL=C apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: //p')
  [[ -n $candidate && $candidate != "(none)" ]]
}

as_root ()
{
  if [[ $(id -u) == 0 ]]; then
    supervise "$@"
  else
    command -v sudo >/dev/null || die "This needs root, and there is no sudo: $*"
    say "This needs root, so sudo may ask for your password: $*"
    supervise sudo "$@"
  fi
}

missing_debian_packages ()
{
  local package status

  for package in "$@"; do
    status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
    [[ $status == installed ]] || printf '%s\n' "$package"
  done
}

# Installs those of the named packages that are missing; says which.
install_on_host ()
{
  local missing

  mapfile -t missing < <(missing_debian_packages "$@")
  ((${#missing[@]})) || return 0
  say "Installing on this system: ${missing[*]}"
  apt_offers "${missing[0]}" || as_root apt-get update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
    "${missing[@]}"
}

# Whether apt's GIMP is GIMP 3. Every Debian has some gimp, so without one the lists are missing.
apt_offers_gimp_3 ()
{
  apt_offers gimp || as_root apt-get update
  apt_offers libgimp-3.0-dev
}

# Whether somebody has installed the packages on a system where this cannot do it.
has_what_is_needed ()
{
  pkg-config --exists gimpui-3.0 libsoup-3.0 json-glib-1.0 libsecret-1 libdex-1 libwebp \
                      libwebpdemux libpng libturbojpeg &&
    command -v meson ninja clang jq gimp Xvfb openbox xdotool gnome-keyring-daemon
} &>/dev/null

# Names the packages in this system's own words, and stops.
stop_with_package_names ()
{
  local family install

  if command -v dnf >/dev/null; then
    family=fedora install='sudo dnf install'
  elif command -v pacman >/dev/null; then
    family=arch install='sudo pacman -S --needed'
  elif command -v zypper >/dev/null; then
    family=suse install='sudo zypper install'
  else
    say "dev: This system's package manager is not known here. Needed are, by Debian's names:"
    packages_for debian | fmt -w 100 >&2
    exit 1
  fi
  say "dev: Setting up by itself works on Debian and Ubuntu. Here, please install what is needed:"
  say "  $install $(packages_for "$family" | sed "s/.*(.*/'&'/" | tr '\n' ' ')"
  say "Then call ./dev again."
  exit 1
}
