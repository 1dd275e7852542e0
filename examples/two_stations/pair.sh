#!/bin/sh
# Both stations of this folder paired and agreed by one person on one machine, to try it: sh pair.sh [HOST:PORT]
# Between two real stations the fingerprints go over the telephone; see README.md beside this file.
set -eu
cd "$(dirname "$0")"

invite() { groundstation share invite --config "$@" --json | sed -n 's/.*"fingerprint": "\([^"]*\)".*/\1/p'; }

groundstation share init --config a.toml
groundstation share init --config b.toml
a=$(invite a.toml --endpoint "${1:-127.0.0.1:7447}")
b=$(invite b.toml)
groundstation share accept belmark.invite.json --config a.toml --agreement agreement.json --fingerprint "$b"
groundstation share accept arvenia.invite.json --config b.toml --agreement agreement.json --fingerprint "$a"
if [ ! -e agreement.json ]; then
    groundstation share agreement new agreement.json --parties arvenia belmark \
        --area ../patrol_border_shuttle --width-m 800
fi
groundstation share agreement sign agreement.json --config a.toml
groundstation share agreement sign agreement.json --config b.toml
echo "now, each in a terminal: groundstation run --headless --config a.toml    (and b.toml)"
