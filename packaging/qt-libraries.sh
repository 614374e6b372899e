#!/bin/sh
# Installs the system libraries that Qt's window needs on Linux, and the tools named as arguments, where apt and root are
# at hand; else prints the line to run.
set -eu

[ "$(uname -s)" = Linux ] || exit 0

missing=""
need() {  # need LIBRARY PACKAGE
    { ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null; } | grep -qF "$1" || missing="$missing $2"
}
need libEGL.so.1 libegl1
need libGL.so.1 libgl1
need libxkbcommon-x11.so.0 libxkbcommon-x11-0
need libdbus-1.so.3 libdbus-1-3
need libxcb-cursor.so.0 libxcb-cursor0
need libxcb-icccm.so.4 libxcb-icccm4
need libxcb-keysyms.so.1 libxcb-keysyms1
need libxcb-shape.so.0 libxcb-shape0
need libfontconfig.so.1 libfontconfig1
need libglib-2.0.so.0 libglib2.0-0
need libpulse.so.0 libpulse0  # QtMultimedia's, for webcams
command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list 2>/dev/null | head -n 1)" ] || missing="$missing fontconfig fonts-dejavu-core"

for tool in "$@"; do
    command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"
done

[ -n "$missing" ] || exit 0

if command -v apt-get >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ]; then
        echo "Installing what is missing:$missing"
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
        exit 0
    fi
    echo "Qt's window needs libraries that are missing; run: sudo apt-get install$missing" >&2
else
    echo "Qt's window needs libraries that are missing; install what your system calls:$missing" >&2
fi
