#!/usr/bin/env bash
# Serves the model that is packed beside this file, until SIGTERM, which drains: bin/serve [--port N] [--host ADDRESS] ...
# All options of jumbo serve. JUMBO_TOKEN: what callers must send. JUMBO_JAVA_OPTS: options of the JVM, such as -Xmx1g.
set -euo pipefail

self="${BASH_SOURCE[0]}"
while [[ -L "$self" ]]; do
  target="$(readlink "$self")"
  [[ "$target" == /* ]] && self="$target" || self="$(dirname "$self")/$target"
done
home="$(cd "$(dirname "$self")/.." && pwd -P)"

# Java reads the names of files by the locale, and in that of C none with other letters than ASCII.
case "${LC_ALL:-${LC_CTYPE:-${LANG:-C}}}" in
  C | POSIX) export LC_ALL=C.UTF-8 2>/dev/null ;; # bash warns of a locale that the system lacks
esac

java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
if ! command -v "$java" >/dev/null; then
  echo "serve: expected Java 17 or newer, found no java: install a JDK or set JAVA_HOME" >&2
  exit 2
fi
version="$("$java" -version 2>&1 | sed -n '1s/.*"\([^"]*\)".*/\1/p')"
feature="${version%%.*}"
if [[ ! "$feature" =~ ^[0-9]+$ ]] || ((feature < 17)); then
  echo "serve: expected Java 17 or newer, found ${version:-an unknown version}: set JAVA_HOME to a newer JDK" >&2
  exit 2
fi
options=(-Djumbo.terminal=false -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -Djava.awt.headless=true)
# As ./jumbo serve starts it: a heap of requests alone, memory that a rush took is given back, and the end where there is none.
options+=(-XX:+UseG1GC -Xms64m -Xmx1g -XX:G1PeriodicGCInterval=15000 -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=30 -XX:MaxNewSize=128m)
options+=(-XX:+ExitOnOutOfMemoryError)
if [[ "$(uname -s)" == Linux ]]; then
  export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-1}" MALLOC_TRIM_THRESHOLD_="${MALLOC_TRIM_THRESHOLD_:-67108864}" \
    MALLOC_MMAP_THRESHOLD_="${MALLOC_MMAP_THRESHOLD_:-33554432}"
fi
if ((feature >= 24)); then
  options+=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
fi
export GOMP_SPINCOUNT="${GOMP_SPINCOUNT:-2000}" TORCH_CPP_LOG_LEVEL="${TORCH_CPP_LOG_LEVEL:-ERROR}"
unset OPENBLAS_CORETYPE

models=("$home"/model/*)
if ((${#models[@]} != 1)) || [[ ! -d "${models[0]}" ]]; then
  echo "serve: expected one model in $home/model, found ${#models[@]}: unpack the archive again" >&2
  exit 2
fi

# shellcheck disable=SC2086
exec "$java" "${options[@]}" ${JUMBO_JAVA_OPTS:-} -cp "$home/lib/*" dev.jumbo.cli.Jumbo serve "${models[0]}" "$@"
