#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Reference data of an independent engine against the tool, where $PLIMSOLL_GOLDEN holds it: golden.sh PATH_OF_PLIMSOLL_ENGINE
set -u
engine=$1
golden=${PLIMSOLL_GOLDEN:-}
if [ ! -d "$golden/tokenizer" ]; then
    echo "skipped: no reference data"
    exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

# Texts lie in one file, separated by a line of their own; the line end before that line belongs to the separator.
tokenize_all() {
    local vocabulary=$1 text="" line first=1
    while IFS= read -r line || [ -n "$line" ]; do
        if [ "$line" = "__ggml_vocab_test__" ]; then
            printf '%s' "$text" | "$engine" tokenize "$vocabulary"
            text="" first=1
        elif [ "$first" -eq 1 ]; then
            text=$line first=0
        else
            text+=$'\n'$line
        fi
    done
    [ "$first" -eq 1 ] || printf '%s' "$text" | "$engine" tokenize "$vocabulary"
}

for input in "$golden"/tokenizer/*.inp; do
    vocabulary=${input%.inp}
    [ -f "$vocabulary" ] || vocabulary=$vocabulary.gguf
    tokenize_all "$vocabulary" <"$input" | sed 's/ *$//' >"$folder/ids"
    sed 's/^ *//; s/ *$//' "${input%.inp}.out" >"$folder/expected"
    if ! diff "$folder/expected" "$folder/ids" >"$folder/diff"; then
        echo "FAILED: $(basename "$vocabulary")"
        head -n 10 "$folder/diff"
        failures=$((failures + 1))
    fi
done

# A JSON text without its quotes, as the characters it stands for.
unescape() { printf '%b' "$(sed 's/\\"/"/g')"; }

# One JSON object per line: {"prompt": "…", "n": N, "greedy": "…"}.
while IFS= read -r line; do
    prompt=$(sed 's/^{"prompt": "\(.*\)", "n": .*/\1/' <<<"$line" | unescape)
    count=$(sed 's/.*", "n": \([0-9]*\), "greedy": .*/\1/' <<<"$line")
    { sed 's/.*, "greedy": "\(.*\)"}$/\1/' <<<"$line" | unescape; echo; } >"$folder/expected"
    "$engine" run "$golden/text/stories260K.gguf" --prompt "$prompt" -n "$count" --temp 0 --ctx 512 >"$folder/text" 2>/dev/null
    if ! diff "$folder/expected" "$folder/text"; then
        echo "FAILED: continuation of '$prompt'"
        failures=$((failures + 1))
    fi
done <"$golden/text/completions.jsonl"

[ "$failures" -eq 0 ] && echo "all passed"
exit $((failures > 0))
