// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/gguf/writer.h>

#include <algorithm>
#include <cstdio>

using namespace plimsoll;
using namespace plimsoll::gguf;

namespace {

Status fillZero(size_t, uint64_t, std::span<std::byte> out)
{
    std::fill(out.begin(), out.end(), std::byte{0});
    return {};
}

Status writeSeed(const std::string &path, uint32_t alignment, bool withTensors)
{
    Writer writer;
    writer.set("general.architecture", std::string("llama"));
    writer.set("split.count", uint32_t{1});
    writer.set("a.signed", int32_t{-1});
    writer.set("a.wide", uint64_t{1} << 40);
    writer.set("a.real", 1.5f);
    writer.set("a.truth", true);
    writer.set("a.words", std::vector<std::string>{"one", "", "three"});
    writer.set("a.reals", std::vector<float>{1.f, 2.f});
    writer.set("a.numbers", std::vector<int32_t>{1, 2, 3});
    if (withTensors) {
        for (OutTensor tensor : {OutTensor{"token_embd.weight", GgmlType::Q8_0, {32, 4}}, OutTensor{"blk.0.ffn_up_exps.weight", GgmlType::F16, {4, 2, 2}}})
            if (Status status = writer.add(std::move(tensor)); !status)
                return status;
    }
    return writer.write(path, fillZero, alignment);
}

} // namespace

/// fuzz_seeds FOLDER: writes a few small good files, for the fuzzer to start from.
int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    const std::string folder = argv[1];
    for (const Status &status : {writeSeed(folder + "/plain.gguf", 32, false), writeSeed(folder + "/tensors.gguf", 32, true),
                                 writeSeed(folder + "/aligned.gguf", 64, true)}) {
        if (!status) {
            std::fprintf(stderr, "%s\n", std::string(codeName(status.error().code)).c_str());
            return 1;
        }
    }
    return 0;
}
