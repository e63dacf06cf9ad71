#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The tool from end to end without any test framework: basics.sh PATH_OF_PLIMSOLL_ENGINE
set -u
engine=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

# check NAME STATUS PATTERN COMMAND…: the command ends with STATUS, and PATTERN (extended) stands in what it wrote.
check() {
    local name=$1 status=$2 pattern=$3 got
    shift 3
    "$@" >"$folder/out" 2>&1 </dev/null
    got=$?
    if [ "$got" -ne "$status" ] || ! grep -qE -- "$pattern" "$folder/out"; then
        echo "FAILED: $name (status $got, wanted $status and /$pattern/)"
        head -c 2000 "$folder/out"
        failures=$((failures + 1))
    fi
}

model=$folder/tiny.gguf

check "help" 0 "Exit status" "$engine" --help
check "wrong command" 2 "." "$engine" sail
check "devices" 0 "^RAM " "$engine" devices
check "devices as JSON" 0 '"backends"' "$engine" devices --json

check "fit of everything" 0 "Llama" "$engine" fit
large=("$engine" fit --model deepseek-r1-671b --quant Q4_K_M --gpu "Tesla T4" --ram 32GiB)
check "fit: does not fit" 0 "^Does not fit" "${large[@]}"
check "fit: the RAM's account" 0 "^RAM +32.0 GiB" "${large[@]}"
check "fit: the GPU's account" 0 "^GPU 1 \(Tesla T4\) +1[45]\.[0-9] GiB" "${large[@]}"
check "fit as JSON" 0 '"verdict": "does-not-fit"' "${large[@]}" --json
check "fit: unknown model" 1 "qwen3-8b" "$engine" fit --model qwen3-9b
check "fit: unknown quantization" 1 "Q4_K_M" "$engine" fit --model qwen3-8b --quant Q4_Z
check "fit: negative context" 1 "ctx" "$engine" fit --model qwen3-8b --quant Q4_K_M --ctx -1

check "synth" 0 "tiny.gguf" "$engine" synth --model qwen3-0.6b --quant Q4_K_M --layers 2 --vocab 300 --out "$model"
check "synth in parts" 0 "parts-00001-of-0000[2-9].gguf" "$engine" synth --model gemma-4-e2b --quant Q4_K_M --layers 2 --vocab 300 \
    --split 8MiB --out "$folder/parts.gguf"
check "run of parts" 0 "Predicted" "$engine" run "$folder"/parts-00001-of-*.gguf --prompt Hello -n 2 --temp 0 --ignore-eos --ctx 64
check "synth: parts of nothing" 1 "split" "$engine" synth --model qwen3-0.6b --layers 1 --split 0 --out "$folder/none.gguf"
check "inspect" 0 "qwen3" "$engine" inspect "$model"
check "inspect as JSON" 0 '"tensorCount"' "$engine" inspect "$model" --json
check "fit of a file" 0 "Fits" "$engine" fit --model "$model" --gpu none --ram 8GiB
check "run" 0 "Predicted" "$engine" run "$model" --prompt Hello -n 4 --temp 0 --ignore-eos --ctx 64
check "run as JSON" 0 '"decode_tokens_per_second"' "$engine" run "$model" --prompt Hello -n 4 --temp 0 --ignore-eos --ctx 64 --json
check "run: too much memory" 1 "Not enough memory on RAM: [0-9.]+ [GT]iB are needed, [0-9.]+ GiB are free" \
    "$engine" run "$model" --prompt x --ctx 16777216 --kv-type F32
check "bench beside another" 0 "Decode 4.*ratio [0-9.]+ \\(95 %" "$engine" bench "$model" -p 16 -n 4 -r 2 \
    --compare "$engine bench $model -p 16 -n 4 -r 1 --json"
check "bench beside nothing" 1 "compare" "$engine" bench "$model" -p 16 -n 4 -r 1 --compare "exit 3"
check "bench beside words" 1 "not JSON" "$engine" bench "$model" -p 16 -n 4 -r 1 --compare "echo fast"
check "bench" 0 "of the read bandwidth" "$engine" bench "$model" -p 16 -n 4 -r 1

check "synth of plain numbers" 0 "plain.gguf" "$engine" synth --model qwen3-0.6b --quant BF16 --layers 1 --vocab 300 --out "$folder/plain.gguf"
check "quantize" 0 "small.gguf" "$engine" quantize "$folder/plain.gguf" --quant IQ4_XS --out "$folder/small.gguf" --threads 2
check "run of what was quantized" 0 "Predicted" "$engine" run "$folder/small.gguf" --prompt Hello -n 4 --temp 0 --ignore-eos --ctx 64
check "quantize twice" 1 "." "$engine" quantize "$folder/small.gguf" --quant Q4_0 --out "$folder/again.gguf"

printf Hello | "$engine" tokenize "$model" >"$folder/ids"
grep -qE '^[0-9]+( [0-9]+)*$' "$folder/ids" || { echo "FAILED: tokenize"; failures=$((failures + 1)); }

printf '\003\0\0\0\0\0\0\0\007\0\0\0\010\0\0\0\011\0\0\0' >"$folder/tokens"
check "logits" 0 "3 × 300" "$engine" logits "$model" --tokens "$folder/tokens" --out "$folder/logits"
[ "$(wc -c <"$folder/logits")" -eq $((8 + 3 * 4 + 3 * 300 * 4)) ] || { echo "FAILED: size of the logits"; failures=$((failures + 1)); }

head -c 3000 "$model" >"$folder/cut.gguf"
printf 'nothing of use' >"$folder/garbage.gguf"
: >"$folder/empty.gguf"
check "file cut short" 1 "ends too early|ends early|damaged" "$engine" run "$folder/cut.gguf" --prompt x
check "garbage" 1 "not a GGUF file" "$engine" inspect "$folder/garbage.gguf"
check "empty file" 1 "empty.gguf" "$engine" inspect "$folder/empty.gguf"
check "folder" 1 "$(basename "$folder")" "$engine" inspect "$folder"
check "missing file" 1 "no file" "$engine" inspect "$folder/none.gguf"

# A reader that leaves early must not end in a crash.
"$engine" inspect "$model" --tensors | head -n 1 >/dev/null
status=${PIPESTATUS[0]}
[ "$status" -le 1 ] || { echo "FAILED: closed pipe gives status $status"; failures=$((failures + 1)); }

# The first interruption ends a generation with its statistics.
"$engine" run "$model" --prompt Hello -n 1000000 --temp 0 --ignore-eos --ctx 16384 >"$folder/text" 2>"$folder/err" &
process=$!
for _ in $(seq 300); do
    [ -s "$folder/text" ] && break
    sleep 0.1
done
kill -INT "$process"
wait "$process"
status=$?
if [ "$status" -ne 0 ] || ! grep -q cancelled "$folder/err"; then
    echo "FAILED: interruption gives status $status"
    cat "$folder/err"
    failures=$((failures + 1))
fi

[ "$failures" -eq 0 ] && echo "all passed"
exit $((failures > 0))
