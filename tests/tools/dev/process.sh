# shellcheck shell=bash
# Running things so that nothing of them is left when ./dev ends, however it ends.

say ()
{
  printf '%s\n' "$*" >&2
}

die ()
{
  say "dev: $*"
  exit 1
}

# The first process of a process namespace gets only those signals that it handles.
end_by_signals ()
{
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP
}

# Runs a command in the foreground group, so that it keeps the terminal, and passes an end on to it:
# bash alone would handle a signal sent only to this process no earlier than the command is done.
# A background child ignores SIGINT and SIGQUIT unless told otherwise.
supervise ()
{
  local status=0

  env --default-signal=INT,QUIT "$@" <&0 &
  supervised=$!
  trap 'end_supervised 130' INT
  trap 'end_supervised 143' TERM
  trap 'end_supervised 129' HUP
  wait "$supervised" || status=$?
  end_by_signals
  return "$status"
}

# Gives the command ten seconds to end what it started itself. The direct children are told as well,
# because unshare blocks these signals itself; killed, it takes its whole process namespace along.
end_supervised ()
{
  local status=$1 children tenths=0

  trap '' INT TERM HUP
  children=$(cat "/proc/$supervised/task/$supervised/children" 2>/dev/null || true)
  # shellcheck disable=SC2086 # a list of process ids
  kill -TERM "$supervised" $children 2>/dev/null || true
  while kill -0 "$supervised" 2>/dev/null && ((tenths++ < 100)); do
    sleep 0.1
  done
  kill -KILL "$supervised" 2>/dev/null || true
  exit "$status"
}

# Leaves nothing of the user's session in the environment but what is named: no display, no bus, no
# key, no home. Keys must not be passed as arguments (of env, say), which anyone can read.
keep_only ()
{
  local name

  for name in $(compgen -e); do
    case " PATH PWD TERM COMFY_TEST_LONG $* " in
      *" $name "*) ;;
      *) unset "$name" ;;
    esac
  done
  export LANG=C.UTF-8
}
