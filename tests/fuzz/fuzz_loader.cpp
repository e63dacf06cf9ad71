// SPDX-License-Identifier: Apache-2.0
#include <plimsoll/engine/run/session.h>

#include <cstdlib>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

using namespace plimsoll;
using namespace plimsoll::engine;

namespace {

/// A file in memory with a path of its own.
class MemoryFile
{
public:
    MemoryFile(const uint8_t *data, size_t size) : m_descriptor(memfd_create("fuzz", 0))
    {
        if (m_descriptor < 0 || write(m_descriptor, data, size) != static_cast<ssize_t>(size))
            std::abort();
    }
    ~MemoryFile() { close(m_descriptor); }
    MemoryFile(const MemoryFile &) = delete;
    MemoryFile &operator=(const MemoryFile &) = delete;

    std::string path() const { return "/proc/self/fd/" + std::to_string(m_descriptor); }

private:
    int m_descriptor;
};

} // namespace

/// Any bytes are a model that runs, or a named error: header, shape, tokenizer, layout, weights, and two tokens.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const MemoryFile file(data, size);
    LoadOptions options;
    options.run.context = 16;
    options.run.batch = 4;
    options.run.threads = 1;
    const auto session = Session::load(file.path(), options);
    if (!session)
        return codeName(session.error().code).empty() ? (std::abort(), 0) : 0;
    Session::GenerateOptions asked;
    asked.maxTokens = 2;
    asked.sampler.temperature = 0;
    const TokenId prompt[] = {0, 1};
    (void)(*session)->generate(prompt, asked);
    return 0;
}
