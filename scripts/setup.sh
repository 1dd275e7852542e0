#!/bin/sh
# Makes .venv ready: system libraries that Qt and OpenCV need, a virtual environment, the package with its extras.
# Usage: scripts/setup.sh [EXTRA ...]      (run by the Makefile; does nothing when all is in place)
set -eu
cd "$(dirname "$0")/.."
extras=$(IFS=,; echo "$*")

# Shared library -> Debian package. Qt's xcb platform plug-in loads these at run time; without one it aborts.
needed="libEGL.so.1:libegl1 libGL.so.1:libgl1 libglib-2.0.so.0:libglib2.0-0 libdbus-1.so.3:libdbus-1-3
libfontconfig.so.1:libfontconfig1 libxkbcommon.so.0:libxkbcommon0 libxkbcommon-x11.so.0:libxkbcommon-x11-0
libX11-xcb.so.1:libx11-xcb1 libxcb-cursor.so.0:libxcb-cursor0 libxcb-icccm.so.4:libxcb-icccm4
libxcb-image.so.0:libxcb-image0 libxcb-keysyms.so.1:libxcb-keysyms1 libxcb-randr.so.0:libxcb-randr0
libxcb-render-util.so.0:libxcb-render-util0 libxcb-shape.so.0:libxcb-shape0 libxcb-sync.so.1:libxcb-sync1
libxcb-xfixes.so.0:libxcb-xfixes0 libxcb-xinerama.so.0:libxcb-xinerama0 libxcb-xkb.so.1:libxcb-xkb1"

missing=""
if [ "$(uname -s)" = Linux ]; then
    if command -v ldconfig >/dev/null 2>&1; then known=$(ldconfig -p); else known=$(/sbin/ldconfig -p 2>/dev/null || true); fi
    for pair in $needed; do
        case "$known" in *"${pair%%:*}"*) ;; *) missing="$missing ${pair##*:}" ;; esac
    done
    # Text in a window needs at least one font; the end-to-end test needs a real X server.
    [ -n "$(find /usr/share/fonts /usr/local/share/fonts "$HOME/.local/share/fonts" -name '*.[to]tf' 2>/dev/null | head -n 1)" ] ||
        missing="$missing fonts-dejavu-core"
    case " $* " in *" dev "*) command -v Xvfb >/dev/null 2>&1 || missing="$missing xvfb" ;; esac
fi
python=${PYTHON:-python3}
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11" >&2
    exit 1
fi
"$python" -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"

if [ -n "$missing" ]; then
    if [ -r /etc/debian_version ] && command -v apt-get >/dev/null 2>&1; then
        if [ "$(id -u)" = 0 ]; then
            echo "Installing system libraries:$missing"
            export DEBIAN_FRONTEND=noninteractive
            apt-get update -qq
            # libglib2.0-0 is called libglib2.0-0t64 on newer releases; apt resolves the old name there.
            # shellcheck disable=SC2086
            apt-get install -y -qq --no-install-recommends $missing >/dev/null
        else
            echo "System libraries are missing. Run this line, then try again:" >&2
            echo "  sudo apt-get update && sudo apt-get install -y$missing" >&2
            exit 1
        fi
    else
        echo "System libraries are missing; install your distribution's packages for (Debian names):$missing" >&2
        exit 1
    fi
fi

[ -x .venv/bin/python ] || "$python" -m venv .venv
stamp=.venv/.installed-${extras:-plain}
if [ ! -e "$stamp" ] || [ pyproject.toml -nt "$stamp" ]; then
    echo "Installing Marchwarden into .venv"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --editable ".${extras:+[$extras]}"
    touch "$stamp"
fi
