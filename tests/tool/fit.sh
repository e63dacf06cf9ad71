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
check "on disk" 0 '"experts": "disk"' "${common[@]}" --gpu-layers 49 --place experts:20-47=disk --json
check "on disk, told" 0 "Runs from disk" "${common[@]}" --gpu-layers 49 --place experts:20-47=disk
check "on disk, launched" 0 "serve .*--place mixer:0-47=1 .*--place experts:0-19=1 --place experts:20-47=disk --place output=1" \
    "${common[@]}" --gpu-layers 49 --place experts:20-47=disk
check "streamed" 0 '"fromTokens": 200' "${common[@]}" --cpu-moe --stream-from 200 --json
check "streamed, told" 0 "computes prompts of [0-9]+ tokens or more with the weights in RAM as well" "${common[@]}" --cpu-moe --batch 2048
check "streamed, launched" 0 "serve .*--stream-from 200" "${common[@]}" --cpu-moe --stream-from 200
check "embeddings on disk" 0 '"embedding": "disk"' "${common[@]}" --place embedding=disk --json
check "never by itself" 0 '"disk": 0' --model qwen3-32b --quant Q8_0 --gpu none --ram 24GiB --from-disk --json
check "changes" 0 '"changes"' "${common[@]}" --json
check "maxima without a GPU" 0 "^Longest context here: [1-9]" --model qwen3-8b --quant Q4_K_M --gpu none --ram 32GiB
check "maxima from disk" 0 "^Longest context here: [1-9]" "${common[@]}" --gpu-layers 49 --place experts:20-47=disk
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

# A model by its publisher's config.json, by the folder that holds it, and what is wrong with one.
mkdir "$folder/Qwen3-8B"
config=$folder/Qwen3-8B/config.json
cat >"$config" <<'CONFIG'
{"architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "num_hidden_layers": 36, "hidden_size": 4096, "intermediate_size": 12288,
 "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128, "vocab_size": 151936, "max_position_embeddings": 40960,
 "rms_norm_eps": 1e-06, "rope_theta": 1000000, "tie_word_embeddings": false, "attention_bias": false, "torch_dtype": "bfloat16"}
CONFIG
machine=(--gpu "RTX 4090" --ram 64GiB)
"$engine" fit --model qwen3-8b --quant Q4_K_M "${machine[@]}" --json >"$folder/known.json"
weights=$(grep -o '"weightBytes": [0-9]*' "$folder/known.json")
check "config.json weighs what the catalogue says" 0 "$weights" --model "$config" --quant Q4_K_M "${machine[@]}" --json
check "folder with a config.json" 0 "$weights" --model "$folder/Qwen3-8B" --quant Q4_K_M "${machine[@]}" --json
check "config.json names the model after its folder" 0 "^Qwen3-8B, Q4_K_M" --model "$config" --quant Q4_K_M "${machine[@]}"
check "config.json at every quantization" 0 "IQ1_S .*t/s" --model "$config" "${machine[@]}"
check "config.json for a server" 0 "vllm serve $folder/Qwen3-8B " --model "$config" --quant BF16 "${machine[@]}" --runtime vllm
check "config.json on servers" 0 "Fewest cards: 1 " --model "$config" --quant FP8 --gpu "RTX 4090" --nodes 1
check "config.json at 16, 8 and 4 bits" 0 "Qwen3-8B +8.19 B" --model "$config" --precisions
check "config.json beside another" 0 "Together" --model "$config" --quant Q4_K_M --with "$config:Q8_0:8192" "${machine[@]}"

# hostile NAME PATTERN SED: the config above, changed so, is refused with PATTERN.
hostile() {
    sed -E "$3" "$config" >"$folder/hostile.json"
    check "config.json, $1" 1 "$2" --model "$folder/hostile.json" --quant Q4_K_M "${machine[@]}"
}
hostile "no layers" "num_hidden_layers" 's/"num_hidden_layers": 36, //'
hostile "negative width" "hidden_size|embedding_length" 's/"hidden_size": 4096/"hidden_size": -4096/'
hostile "too large a vocabulary" "vocab_size" 's/151936/18446744073709551615/'
hostile "beyond every number" "rope_theta|out of range|hostile.json" 's/1000000/1e999/'
hostile "heads that do not divide" "head" 's/"num_key_value_heads": 8/"num_key_value_heads": 7/'
hostile "layers as text" "num_hidden_layers" 's/"num_hidden_layers": 36/"num_hidden_layers": "36"/'
hostile "an unknown kind" "oracle" 's/"qwen3"/"oracle"/'
hostile "no kind" "model_type" 's/"model_type": "qwen3", //'
hostile "a list" "hostile.json" 's/^\{(.*)/[{\1/; s/\}$/}]/'
hostile "cut off" "hostile.json" 's/"torch_dtype": .*//'
: >"$folder/empty.json"
check "config.json, empty" 1 "empty.json" --model "$folder/empty.json"
head -c 200000 /dev/zero | tr '\0' '[' >"$folder/deep.json"
check "config.json, 200,000 lists deep" 1 "deep.json" --model "$folder/deep.json"
head -c 5000000 /dev/zero | tr '\0' ' ' >"$folder/long.json"
check "config.json, five million spaces" 1 "longer than" --model "$folder/long.json"
mkdir "$folder/no-config"
check "folder without a config.json" 1 "no-config/config.json" --model "$folder/no-config"

# What llama.cpp loads beside the model, and weights that stay on disk.
check "prediction blocks" 0 "draft-mtp" --model glm-4.5-air --quant Q4_K_M "${machine[@]}" --runtime llama.cpp --mtp
check "prediction blocks of a model without" 1 "prediction" --model qwen3-8b --quant Q4_K_M "${machine[@]}" --runtime llama.cpp --mtp
check "prediction blocks in Plimsoll" 1 "runtime llama.cpp" --model glm-4.5-air --quant Q4_K_M "${machine[@]}" --mtp
check "no such projector" 1 "mmproj.gguf" --model qwen3-8b --quant Q4_K_M "${machine[@]}" --runtime llama.cpp --mmproj "$folder/mmproj.gguf"
small=(--model qwen3-32b --quant Q8_0 --gpu none --ram 24GiB)
check "larger than RAM" 0 '"does-not-fit"' "${small[@]}" --json
check "larger than RAM, from disk" 0 '"runs-from-disk"' "${small[@]}" --from-disk --json

# Which quantization to take.
check "all on GPU" 0 "^Recommended: Q8_0, the most precise one below 16 bits" --model qwen3-8b "${machine[@]}"
check "in part" 0 "^Recommended: (IQ4_XS|Q4_0|Q4_K_S|Q4_K_M), .*nearly as fast" --model qwen3-32b --gpu "RTX 3060" --ram 64GiB
check "in part, as data" 0 '"recommended": "fast-enough"' --model qwen3-32b --gpu "RTX 3060" --ram 64GiB --json
check "last resort" 0 "^Of at least four bits per weight none runs here" --model qwen3-32b --gpu none --ram 16GiB
check "none" 0 "^No quantization of this model fits" --model deepseek-v3.1-671b --gpu "Tesla T4" --ram 32GiB
check "every model" 0 '"recommended": "precise-on-gpu"' "${machine[@]}" --json

# Every key of the answers is in the schema.
schema=$(dirname "$0")/../../core/plan/README.md
documented() {
    local name=$1 key
    shift
    "$engine" fit "$@" --json >"$folder/out" 2>/dev/null </dev/null || echo "no answer" >"$folder/out"
    for key in $(grep -oE '"[A-Za-z0-9]+":' "$folder/out" | tr -d '":' | sort -u); do
        if ! grep -q "\"$key\"" "$schema"; then
            echo "FAILED: $name: the key $key is in no schema"
            failures=$((failures + 1))
        fi
    done
    grep -q '^{' "$folder/out" || { echo "FAILED: $name: no answer"; failures=$((failures + 1)); }
}
documented "one plan" "${common[@]}"
documented "for llama.cpp" "${common[@]}" --runtime llama.cpp
documented "for vLLM" --model llama-3.1-8b --quant BF16 "${machine[@]}" --runtime vllm
documented "several models" "${common[@]}" --with qwen3-8b:Q4_K_M
documented "servers" --model deepseek-r1-671b --quant FP8 "${eight[@]}" --nodes 2
documented "precisions" --precisions

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
check "place: no such layer" 1 "place.*mixer:48=1" "${common[@]}" --place mixer:48=1
check "place: no such GPU" 1 "place.*mixer=2" "${common[@]}" --place mixer=2
check "bits" 1 "bpw" --model qwen3-8b --bpw 0
check "address" 1 "127.0.0.1" --model http://127.0.0.1:9/model.gguf

[ "$failures" -eq 0 ] && echo "fit: all as it should be"
exit "$((failures > 0))"
