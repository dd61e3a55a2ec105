#!/bin/sh
# Starts @name@, the static binary beside this file. Made from dist/launcher.sh; a test compares them.
set -eu
# Functions that bash takes from the environment could stand in for the commands below; `unset` itself they cannot.
unset -f command env tr printf uname mktemp cp chmod || :
unset BASH_ENV ENV CDPATH || :
name=@name@

fail() {
  if [ "${GITHUB_ACTIONS:-}" = true ]; then
    printf '::error title=%s::could not start %s: %s\n' "$name" "$name" "$1"
  else
    printf 'error: could not start %s: %s\n' "$name" "$1" >&2
  fi
  exit 3
}

# 126 is the shell's word for a file that is there and cannot be executed.
starts() {
  [ -f "$1" ] || return 1
  status=0
  "$1" --version >/dev/null 2>&1 || status=$?
  [ "$status" -lt 126 ]
}

newline='
'
# The environment as it came, before bash made functions of it.
case "$newline$({ tr '\000' '\n' <"/proc/$$/environ" || env; } 2>/dev/null)" in
  *"$newline"BASH_FUNC_*%%=*) fail 'the environment defines shell functions (BASH_FUNC_*); remove them from the job' ;;
esac

case $0 in
  */*) here=${0%/*} ;;
  *) here=. ;;
esac
os=$(uname -s)
arch=$(uname -m)
case $os-$arch in
  Linux-x86_64 | Linux-amd64) binary=$here/bin/linux-x86_64/$name ;;
  Linux-aarch64 | Linux-arm64) binary=$here/bin/linux-aarch64/$name ;;
  *) binary= ;;
esac

if [ -n "$binary" ] && [ -f "$binary" ]; then
  starts "$binary" && exec "$binary" "$@"
  # A file system mounted noexec, or an archive that lost the permission: a copy elsewhere starts.
  # The folder is new and ours alone: nobody else can have put something there.
  copies=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/dataflow-XXXXXX" 2>/dev/null) || copies=
  if [ -n "$copies" ] && cp "$binary" "$copies/$name" && chmod 700 "$copies/$name" && starts "$copies/$name"; then
    exec "$copies/$name" "$@"
  fi
fi

if [ -n "${DATAFLOW_BIN:-}" ] && starts "$DATAFLOW_BIN/$name"; then
  exec "$DATAFLOW_BIN/$name" "$@"
fi

fail "no binary runs on $os $arch; use a Linux runner on x86_64 or aarch64, or set DATAFLOW_BIN to a folder that holds $name"
