# shellcheck shell=bash
# Building, and running the test suites.

build_dir=build
sanitized_dir=build-asan

# Configures a build folder, and again from scratch if it was configured elsewhere or otherwise.
#   configure FOLDER [meson option…]
configure ()
{
  local folder=$1 environment
  shift

  environment="$(environment_name) $*"
  if [[ $(cat "$folder/.environment" 2>/dev/null || echo "$environment") != "$environment" ]]; then
    say "The environment has changed since $folder was configured; building anew."
    rm -rf "$folder"
  elif [[ ! -e $folder/build.ninja ]]; then
    # what an interrupted one left is not to be trusted
    rm -rf "$folder/meson-private" "$folder/meson-info"
  fi
  [[ -e $folder/build.ninja ]] || supervise meson setup "$folder" -Dwerror=true "$@"
  echo "$environment" > "$folder/.environment"
}

# What a build folder depends on besides the source.
environment_name ()
{
  if [[ -s /etc/comfy-dev-root ]]; then cat /etc/comfy-dev-root; else echo host; fi
}

build ()
{
  configure "$build_dir"
  supervise meson compile -C "$build_dir" || die "The build failed."
}

# Names the suites that have tests.
suites ()
{
  meson introspect "$build_dir" --tests | jq -r '.[].suite[] | sub("^[^:]*:"; "")' | sort -u
}

# Runs tests and remembers where their log lies; whether they passed is for the summary to say.
#   meson_test FOLDER LOG-NAME [option…]
meson_test ()
{
  local folder=$1 name=$2 log=$1/meson-logs/$2.json patience=1
  shift 2

  [[ -z ${COMFY_TEST_LONG:-} ]] || patience=20
  rm -f "$log"
  logs+=("$name=$log")
  supervise meson test -C "$folder" --logbase "$name" --print-errorlogs \
    --timeout-multiplier "$patience" "$@" || true
}

# clang here, so that both compilers see the code. Its check of function types would stop at every
# destructor that GLib calls through a GDestroyNotify.
run_core_sanitized ()
{
  CC=clang configure "$sanitized_dir" -Db_sanitize=address,undefined -Db_lundef=false \
    -Dc_args=-fno-sanitize=function
  meson_test "$sanitized_dir" core-sanitized --suite core
}

# run_suites [SUITE…]: the named ones, or all of them
run_suites ()
{
  local suite
  logs=()

  build
  for suite in "$@"; do
    [[ $suite == asan ]] || suites | grep -qx "$suite" ||
      die "No suite is called $suite. There are: $(suites | tr '\n' ' ')asan"
  done

  if (($# == 0)); then
    meson_test "$build_dir" core --no-rebuild --suite core
    run_core_sanitized
    ! suites | grep -qvx core || meson_test "$build_dir" other --no-rebuild --no-suite core
  fi
  for suite in "$@"; do
    case $suite in
      asan) run_core_sanitized ;;
      *) meson_test "$build_dir" "$suite" --no-rebuild --suite "$suite" ;;
    esac
  done
  python3 tests/tools/dev/summary.py "${logs[@]}"
}
