// SPDX-License-Identifier: Apache-2.0
#include "text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <ostream>

namespace plimsoll::engine {
namespace {

std::string fixed(double value, int digits)
{
    std::array<char, 64> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.*f", digits, value);
    return buffer.data();
}

bool continues(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
}

/// Columns on a terminal, one per character: names of models and devices need no more.
size_t width(std::string_view text)
{
    return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

} // namespace

std::string printable(std::string_view text, size_t longest)
{
    std::string out;
    for (char c : text) {
        if (out.size() >= longest && !continues(c))
            return out + "…";
        const auto byte = static_cast<unsigned char>(c);
        out += byte < 0x20 || byte == 0x7f ? ' ' : c;
    }
    return out;
}

std::string countText(uint64_t count)
{
    const auto value = static_cast<double>(count);
    if (value >= 1e9)
        return rateNumber(value / 1e9) + " B";
    if (value >= 1e6)
        return rateNumber(value / 1e6) + " M";
    return grouped(count);
}

std::string rateNumber(double value)
{
    if (!std::isfinite(value))
        return "?";
    if (value >= 100)
        return fixed(value, 0);
    return fixed(value, value >= 10 ? 1 : value >= 1 ? 2 : 3);
}

std::string grouped(uint64_t value)
{
    std::string digits = std::to_string(value);
    for (size_t place = digits.size(); place > 3; place -= 3)
        digits.insert(place - 3, 1, ',');
    return digits;
}

Table &Table::left(size_t column)
{
    m_left[column] = true;
    return *this;
}

void Table::row(std::vector<std::string> cells)
{
    cells.resize(m_header.size());
    m_rows.push_back(std::move(cells));
}

void Table::print(std::ostream &out, std::string_view indent) const
{
    std::vector<size_t> widths;
    for (size_t column = 0; column < m_header.size(); ++column) {
        size_t widest = width(m_header[column]);
        for (const auto &cells : m_rows)
            widest = std::max(widest, width(cells[column]));
        widths.push_back(widest);
    }
    const auto line = [&](const std::vector<std::string> &cells) {
        std::string text(indent);
        for (size_t column = 0; column < cells.size(); ++column) {
            const std::string space(widths[column] - width(cells[column]), ' ');
            text += column == 0 ? "" : "  ";
            text += m_left[column] ? cells[column] + space : space + cells[column];
        }
        out << text.substr(0, text.find_last_not_of(' ') + 1) << '\n';
    };
    line(m_header);
    for (const auto &cells : m_rows)
        line(cells);
}

} // namespace plimsoll::engine
