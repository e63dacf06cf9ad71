// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <plimsoll/units/bytes.h>
#include <plimsoll/units/rates.h>

#include <QString>

/// The one place where figures become text: over the default QLocale, with translated units, each with its unit.
namespace plimsoll::app::format {

/// Memory, in GiB: "12.3 GiB", "0.45 GiB"; below 0.01 GiB in MiB or KiB.
QString memory(Bytes bytes);
/// Files and downloads, in GB (10⁹ bytes); below 0.01 GB in MB or kB.
QString fileSize(Bytes bytes);
/// Bytes per second, in GB/s.
QString bandwidth(Bandwidth bandwidth);
/// "34.2 tokens/s"; an en dash where the rate is not known (0 or less).
QString tokenRate(double tokensPerSecond);
/// "31 to 36 tokens/s"; an en dash where nothing is predicted.
QString tokenRate(const RateEstimate &estimate);
/// `fraction` 0.42 as "42 %", with the spacing of the language.
QString percent(double fraction);
/// With the language's grouping of digits.
QString count(quint64 number);
/// With at most `decimals` digits after the point, trailing zeros left out.
QString number(double value, int decimals);
/// "85 ms", "1.24 s", "3 min 20 s".
QString duration(double milliseconds);
QString temperature(double celsius);
QString power(double watts);
QString clock(double megahertz);
/// Of a model: "8.03 B" in English, "8,03 Mrd." in German; 10⁶ below a billion.
QString parameters(quint64 number);
/// What stands for a figure that is not known.
QString unknown();

} // namespace plimsoll::app::format
