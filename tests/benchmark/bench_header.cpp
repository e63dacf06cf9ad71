// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/catalog/catalog.h>
#include <plimsoll/gguf/gguf.h>
#include <plimsoll/gguf/writer.h>
#include <plimsoll/model/mix.h>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

/// Reading the header of a split model of 400 GB whose header pages are in memory (aim: 100 ms). Its files are sparse: the tensor table
/// and a vocabulary as large as the model's, and nothing where the weights would be.
namespace {

using namespace plimsoll;
namespace fs = std::filesystem;

constexpr uint32_t parts = 9;
constexpr uint64_t merges = 127'741;

/// Removes what it wrote.
class SplitModel
{
public:
    explicit SplitModel(const ModelShape &shape)
    {
        std::string pattern = (fs::temp_directory_path() / "plimsoll-header-XXXXXX").string();
        m_folder = mkdtemp(pattern.data()) ? pattern : std::string();
        const WeightTypes types = mixTypes(shape, FileType::Q4_K_M);
        const size_t each = (shape.tensors.size() + parts - 1) / parts;
        for (uint32_t part = 0; part < parts; ++part) {
            gguf::Writer writer;
            writer.set("split.no", part);
            writer.set("split.count", parts);
            writer.set("split.tensors.count", static_cast<int32_t>(shape.tensors.size()));
            if (part == 0)
                addVocabulary(writer, shape.vocabulary);
            Bytes data;
            const size_t end = std::min(shape.tensors.size(), (part + 1) * each);
            for (size_t i = part * each; i < end; ++i) {
                const TensorSpec &tensor = shape.tensors[i];
                const bool added = writer.add({tensorName(tensor), types[i],
                    {tensor.dims.begin(), tensor.dims.begin() + tensor.dimensions}}).ok();
                m_whole = m_whole && added;
                data += Bytes{roundUp(tensor.bytes(types[i]).value, 32)};
            }
            writePart(part, writer.header(), data);
        }
    }
    ~SplitModel()
    {
        std::error_code ignored;
        fs::remove_all(m_folder, ignored);
    }

    bool whole() const { return m_whole; }
    std::string path(uint32_t part = 0) const
    {
        char name[64];
        std::snprintf(name, sizeof name, "model-%05u-of-%05u.gguf", part + 1, parts);
        return (fs::path(m_folder) / name).string();
    }

private:
    static void addVocabulary(gguf::Writer &writer, uint32_t tokens)
    {
        std::vector<std::string> texts;
        for (uint32_t i = 0; i < tokens; ++i)
            texts.push_back("token" + std::to_string(i));
        std::vector<std::string> pairs;
        for (uint64_t i = 0; i < merges; ++i)
            pairs.push_back("tok" + std::to_string(i) + " en");
        writer.set("general.architecture", std::string("deepseek2"));
        writer.set("tokenizer.ggml.tokens", std::move(texts));
        writer.set("tokenizer.ggml.token_type", std::vector<int32_t>(tokens, 1));
        writer.set("tokenizer.ggml.merges", std::move(pairs));
    }

    void writePart(uint32_t part, const std::vector<std::byte> &header, Bytes data)
    {
        std::ofstream(path(part), std::ios::binary)
            .write(reinterpret_cast<const char *>(header.data()), static_cast<std::streamsize>(header.size()));
        std::error_code failed;
        fs::resize_file(path(part), header.size() + data.value, failed);
        m_whole = m_whole && !failed;
    }

    std::string m_folder;
    bool m_whole = true;
};

void splitHeader(benchmark::State &state)
{
    const auto catalog = loadCatalog(PLIMSOLL_SOURCE "/resources/catalog");
    const auto entry = catalog.ok() ? catalog->model("deepseek-r1-671b") : Result<const CatalogModel *>(Error{});
    if (!entry.ok()) {
        state.SkipWithError("the catalogue is not here");
        return;
    }
    const SplitModel model((*entry)->shape);
    const auto first = gguf::readHeader(model.path());
    if (!model.whole() || !first.ok()) {
        state.SkipWithError("no room for sparse files");
        return;
    }
    for (auto _ : state)
        benchmark::DoNotOptimize(gguf::readHeader(model.path()));
    state.counters["GB"] = static_cast<double>(first->fileBytes()) / 1e9;
    state.counters["tensors"] = static_cast<double>(first->tensors.size());
}

} // namespace

BENCHMARK(splitHeader)->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();
