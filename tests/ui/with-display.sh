#!/bin/sh
# Runs a test on a display of its own: a private X server and a window manager, ended by their pids.
# Without an X server the test is skipped (77), with the reason.
for tool in Xvfb openbox; do
  if ! command -v "$tool" > /dev/null; then
    echo "1..0 # SKIP $tool is not installed"
    exit 77
  fi
done

dir=$(mktemp -d) || exit 1
x_pid=
wm_pid=
finish ()
{
  [ -z "$wm_pid" ] || kill "$wm_pid" 2> /dev/null
  [ -z "$x_pid" ] || kill "$x_pid" 2> /dev/null
  wait
  rm -rf "$dir"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

# the server picks a free number and writes it when it takes connections; opening the pipe waits
mkfifo "$dir/display"
Xvfb -displayfd 3 -screen 0 "${COMFY_TEST_SCREEN:-1280x1024}x24" -nolisten tcp 3> "$dir/display" 2> "$dir/x.log" &
x_pid=$!
read -r number < "$dir/display"
if [ -z "$number" ]; then
  cat "$dir/x.log" >&2
  exit 1
fi

export DISPLAY=":$number" GDK_BACKEND=x11 HOME="$dir" XDG_CONFIG_HOME="$dir/config"
export XDG_STATE_HOME="$dir/state" XDG_CACHE_HOME="$dir/cache" XDG_RUNTIME_DIR="$dir/runtime"
mkdir -m 700 "$dir/runtime"
# a window that is mapped while the window manager starts may never be seen, so that is waited for
mkfifo "$dir/wm"
openbox --sm-disable --startup "sh -c 'echo ready > $dir/wm'" > "$dir/wm.log" 2>&1 &
wm_pid=$!
read -r _ < "$dir/wm"

"$@"
