// SPDX-License-Identifier: Apache-2.0
#include "ggml_type.h"

#include "name_match.h"

namespace plimsoll {

std::optional<GgmlType> ggmlTypeFromName(std::string_view name)
{
    for (const GgmlTypeInfo &known : ggmlTypeTable)
        if (sameIgnoringCase(known.name, name))
            return known.type;
    return std::nullopt;
}

} // namespace plimsoll
