// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/machine/machine.h>
#include <plimsoll/model/shape.h>
#include <plimsoll/quant/file_type.h>
#include <plimsoll/result/result.h>

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace plimsoll {

struct CatalogModel
{
    std::string id;                  // "deepseek-r1-671b"
    std::string name;                // "DeepSeek-R1 671B"
    std::string license;
    std::string source;              // where the dimensions were read
    std::string repository;          // publisher/name
    std::string ggufRepository;      // publisher/name of conversions; empty: none known
    std::vector<std::string> languages;      // ISO 639-1, as far as the source names them; the model may know more
    std::vector<std::string> capabilities;   // "chat", "tools", "reasoning", …
    std::vector<FileType> quantizations;   // offered for this model; empty: those of the catalogue
    ModelShape shape;
};

struct CatalogGpu
{
    std::string name;
    std::vector<std::string> aliases;
    std::string vendor;
    std::string source;
    uint32_t year = 0;
    double usableShare = 1;          // of unified memory: what the system lets the GPU take, (0, 1]
    Gpu gpu;                         // free = total, the usable share of it
};

/// What a quantization costs in quality, as somebody published it for one model; another model loses differently.
struct PublishedQuality
{
    FileType type = FileType::F16;
    double perplexityIncrease = 0;   // over the unquantized model
    std::string model;               // it was measured with
    std::string source;
};

/// Models and GPUs that ship with the program; immutable after loading.
struct Catalog
{
    std::vector<CatalogModel> models;
    std::vector<CatalogGpu> gpus;
    std::vector<FileType> quantizations;   // those offered for a model that names none, small to large
    std::vector<PublishedQuality> quality;

    /// Letter case, spaces, '-' and '_' ignored; also without the vendor's prefix ("4090", "rtx4090"). Errors: UnknownModel,
    /// UnknownGpu, with the nearest names.
    Result<const CatalogModel *> model(std::string_view id) const;
    Result<const CatalogGpu *> gpu(std::string_view name) const;
    /// Models whose id begins with the same word as this one's, itself included: "qwen3-8b" and "qwen3-14b". Empty where it is unknown.
    std::vector<const CatalogModel *> siblings(std::string_view id) const;
};

/// Reads models.json, gpus.json and quality.json of a folder. Errors: FileNotFound, FileUnreadable, JsonInvalid, JsonField,
/// UnknownQuantization, and those of shapeFromCatalog().
Result<Catalog> loadCatalog(const std::string &folder);

/// The folder that is found first: $PLIMSOLL_RESOURCES/catalog, beside the program, ../share/plimsoll/catalog, the source tree.
std::string catalogFolder(const std::string &programPath);

} // namespace plimsoll
