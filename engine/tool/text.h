// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <plimsoll/units/bytes.h>

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

/// Plain text for people at a terminal.
namespace plimsoll::engine {

/// The text without control characters, so that what a file says cannot steer the terminal; at most `longest` bytes, cut between
/// characters.
std::string printable(std::string_view text, size_t longest = 400);

/// "8.03 B", "596 M", "12,345": how many parameters.
std::string countText(uint64_t count);
/// Three significant digits: "0.113", "4.52", "71.3", "1250".
std::string rateNumber(double value);
/// "1,234,567".
std::string grouped(uint64_t value);

/// Columns in line: the first to the left, the others to the right unless said otherwise.
class Table
{
public:
    explicit Table(std::vector<std::string> header) : m_header(std::move(header)), m_left(m_header.size(), false) { m_left[0] = true; }

    Table &left(size_t column);
    void row(std::vector<std::string> cells);
    void print(std::ostream &out, std::string_view indent = "") const;

private:
    std::vector<std::string> m_header;
    std::vector<bool> m_left;
    std::vector<std::vector<std::string>> m_rows;
};

} // namespace plimsoll::engine
