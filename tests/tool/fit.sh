#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What `fit` answers to the questions people ask: fit.sh PATH_OF_PLIMSOLL_ENGINE
set -u
engine=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

# check NAME STATUS PATTERN ARGUMENT…: `fit ARGUMENT…` ends with STATUS, and PATTERN (extended) stands in what it wrote.
check() {
    local name=$1 status=$2 pattern=$3 got
    shift 3
    "$engine" fit "$@" >"$folder/out" 2>&1 </dev/null
    got=$?
    if [ "$got" -ne "$status" ] || ! grep -qE -- "$pattern" "$folder/out"; then
        echo "FAILED: $name (status $got, wanted $status and /$pattern/)"
        head -c 2000 "$folder/out"
        failures=$((failures + 1))
    fi
}

# The five scenarios.
check "671B on a T4: no quantization" 0 "IQ1_S +.*does not fit" --model deepseek-v3.1-671b --gpu "Tesla T4" --ram 32GiB
check "671B on a T4: a distill" 0 "a smaller model: deepseek-r1-distill" \
    --model deepseek-v3.1-671b --quant IQ1_S --gpu "Tesla T4" --ram 32GiB
check "Q8_0 on an L4" 0 "routed experts of" --model deepseek-v3.1-671b --quant Q8_0 --ctx 32768 --gpu L4 --ram 1TiB
check "Q8_0 on an L4, experts in RAM" 0 "Fits with offload" \
    --model deepseek-v3.1-671b --quant Q8_0 --ctx 32768 --gpu L4 --ram 1TiB --cpu-moe
check "two models on one card" 0 "Together" --model qwen3-30b-a3b --quant Q8_0 --with qwen3-30b-a3b:Q8_0:8192 \
    --gpu "RTX PRO 6000" --ram 64GiB
eight=()
for _ in 1 2 3 4 5 6 7 8; do eight+=(--gpu "H100 SXM 80GB"); done
check "FP8 on servers" 0 "Fewest whole servers: 2" --model deepseek-r1-671b --quant FP8 --ctx 8192 "${eight[@]}" --nodes 2 --runtime vllm
check "precisions" 0 "DeepSeek R1 671B .*349 GB" --precisions

# Flags.
common=(--model qwen3-30b-a3b --quant Q4_K_M --gpu "RTX 4090" --ram 64GiB)
check "cache types" 0 '"kvTypeK": "Q8_0"' "${common[@]}" --kv-type-k q8_0 --kv-type-v q4_0 --json
check "flash attention off" 0 '"flashAttention": false' "${common[@]}" --flash-attn off --json
check "experts of some layers" 0 '"experts": 0' "${common[@]}" --cpu-moe 10 --json
check "layers" 0 '"gpuLayers": 12' "${common[@]}" --gpu-layers 12 --json
check "split" 0 '"verdict"' --model qwen3-32b --quant Q4_K_M --gpu "RTX 4090" --gpu "RTX 3060:10" --split 3,1 --ram 64GiB --json
check "bits per weight" 0 '"quantization": "Q8_0"' --model qwen3-8b --bpw 8.5 --gpu "RTX 4090" --ram 64GiB --json
check "micro-batch" 0 '"batch": 256' "${common[@]}" --batch 2048 --ubatch 256 --json
check "by hand" 0 '"mixer": 1' "${common[@]}" --place mixer=1 --place ffn:0-3=1 --json
check "changes" 0 '"changes"' "${common[@]}" --json
check "maxima" 0 '"maxima"' "${common[@]}" --json

# A machine from a file.
cat >"$folder/machine.json" <<'MACHINE'
{"name": "invented", "ram": {"total": 68719476736, "available": 60000000000}, "cpu": {"readBandwidth": 8e10, "int8": 2e12},
 "gpus": [{"name": "Some card", "total": 17179869184, "free": 16000000000, "bandwidth": 5e11, "fp32": 2e13}]}
MACHINE
check "machine of a file" 0 "Some card" --model qwen3-8b --quant Q4_K_M --machine "$folder/machine.json"
sed 's/"total": 17179869184/"total": -1/' "$folder/machine.json" >"$folder/negative.json"
check "negative memory" 1 "gpus\[0\].total" --model qwen3-8b --quant Q4_K_M --machine "$folder/negative.json"
echo '{"name": "no RAM"}' >"$folder/no-ram.json"
check "no RAM" 1 "ram" --model qwen3-8b --quant Q4_K_M --machine "$folder/no-ram.json"

# Nonsense.
check "context beyond the model" 1 "40960|40,960" "${common[@]}" --ctx 1000000
check "cache type" 1 "kv-type-k" "${common[@]}" --kv-type-k q9
check "flash attention" 1 "flash-attn" "${common[@]}" --flash-attn maybe
check "shares" 1 "split" "${common[@]}" --split 1,2
check "llama.cpp" 0 "llama-server" --model llama-3.1-8b --quant Q4_K_M --gpu "RTX 4090" --ram 64GiB --runtime llama.cpp
check "vLLM" 0 "vllm serve" --model llama-3.1-8b --quant BF16 --gpu "RTX 4090" --ram 64GiB --runtime vllm
check "vLLM without a GPU" 1 "a machine with a GPU" --model llama-3.1-8b --quant BF16 --gpu none --ram 64GiB --runtime vllm
check "runtime" 1 "runtime" "${common[@]}" --runtime other
check "place" 1 "place" "${common[@]}" --place kitchen=1
check "bits" 1 "bpw" --model qwen3-8b --bpw 0
check "address" 1 "127.0.0.1" --model http://127.0.0.1:9/model.gguf

[ "$failures" -eq 0 ] && echo "fit: all as it should be"
exit "$((failures > 0))"
