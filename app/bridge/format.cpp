// SPDX-License-Identifier: GPL-3.0-or-later
#include "format.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

namespace plimsoll::app::format {

namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(plimsoll::app::Format)
};

/// Three figures are enough to compare by: two decimals below 10, one below 1000, none above.
int decimalsFor(double value)
{
    const double size = std::abs(value);
    if (size < 9.995)
        return 2;
    return size < 999.95 ? 1 : 0;
}

QString fixed(double value, int decimals)
{
    return QLocale().toString(value, 'f', decimals);
}

QString figures(double value)
{
    return fixed(value, decimalsFor(value));
}

} // namespace

QString unknown()
{
    return QStringLiteral("–");
}

QString memory(Bytes bytes)
{
    const double gib = bytes.gib();
    if (bytes.overflowed())
        return unknown();
    if (bytes.value == 0 || gib >= 0.01)
        return Words::tr("%1 GiB").arg(figures(gib));
    if (bytes.mib() >= 0.1)
        return Words::tr("%1 MiB").arg(fixed(bytes.mib(), 1));
    return Words::tr("%1 KiB").arg(fixed(static_cast<double>(bytes.value) / 1024.0, 1));
}

QString fileSize(Bytes bytes)
{
    if (bytes.overflowed())
        return unknown();
    if (bytes.value == 0 || bytes.gb() >= 0.01)
        return Words::tr("%1 GB").arg(figures(bytes.gb()));
    if (bytes.gb() >= 0.0001)
        return Words::tr("%1 MB").arg(fixed(bytes.gb() * 1e3, 1));
    return Words::tr("%1 kB").arg(fixed(bytes.gb() * 1e6, 1));
}

QString bandwidth(Bandwidth bandwidth)
{
    return bandwidth.known() ? Words::tr("%1 GB/s").arg(figures(bandwidth.gbPerSecond())) : unknown();
}

QString tokenRate(double tokensPerSecond)
{
    if (!(tokensPerSecond > 0) || !std::isfinite(tokensPerSecond))
        return unknown();
    return Words::tr("%1 tokens/s").arg(figures(tokensPerSecond));
}

QString tokenRate(const RateEstimate &estimate)
{
    if (!estimate.known())
        return unknown();
    const int decimals = decimalsFor(estimate.expected);
    const QString low = fixed(estimate.low, decimals);
    const QString high = fixed(estimate.high, decimals);
    if (low == high)
        return tokenRate(estimate.expected);
    //: A predicted range, as in "31 to 36 tokens/s".
    return Words::tr("%1 to %2 tokens/s").arg(low, high);
}

QString percent(double fraction)
{
    if (!std::isfinite(fraction))
        return unknown();
    const double value = fraction * 100;
    const int decimals = value != 0 && std::abs(value) < 9.95 && value != std::round(value) ? 1 : 0;
    //: The percent sign after a number, with the space that the language wants.
    return Words::tr("%1%").arg(fixed(value, decimals));
}

QString count(quint64 number)
{
    return QLocale().toString(number);
}

QString number(double value, int decimals)
{
    QLocale locale;
    QString text = locale.toString(value, 'f', decimals);
    if (!text.contains(locale.decimalPoint()))
        return text;
    const QString zero = locale.zeroDigit();
    while (text.endsWith(zero))
        text.chop(zero.size());
    if (text.endsWith(locale.decimalPoint()))
        text.chop(locale.decimalPoint().size());
    return text;
}

QString duration(double milliseconds)
{
    if (!(milliseconds > 0) || !std::isfinite(milliseconds))
        return unknown();
    if (milliseconds < 999.5)
        return Words::tr("%1 ms").arg(fixed(milliseconds, milliseconds < 9.95 ? 1 : 0));
    const double seconds = milliseconds / 1000;
    if (seconds < 119.95)
        return Words::tr("%1 s").arg(fixed(seconds, seconds < 9.995 ? 2 : 1));
    const auto whole = static_cast<qint64>(std::llround(std::min(seconds, 1e12)));
    if (whole < 2 * 3600)
        return Words::tr("%1 min %2 s").arg(count(static_cast<quint64>(whole / 60)), count(static_cast<quint64>(whole % 60)));
    return Words::tr("%1 h %2 min").arg(count(static_cast<quint64>(whole / 3600)), count(static_cast<quint64>(whole / 60 % 60)));
}

QString temperature(double celsius)
{
    return Words::tr("%1 °C").arg(fixed(celsius, 0));
}

QString power(double watts)
{
    //: Power draw in watts.
    return Words::tr("%1 W").arg(fixed(watts, watts < 9.95 ? 1 : 0));
}

QString clock(double megahertz)
{
    return Words::tr("%1 MHz").arg(fixed(megahertz, 0));
}

QString parameters(quint64 number)
{
    const auto value = static_cast<double>(number);
    if (value >= 0.9995e9) {
        //: Billions (10⁹) of parameters, abbreviated: "8.03 B".
        return Words::tr("%1 B").arg(figures(value / 1e9));
    }
    if (value >= 0.9995e6) {
        //: Millions (10⁶) of parameters, abbreviated: "596 M".
        return Words::tr("%1 M").arg(figures(value / 1e6));
    }
    return count(number);
}

} // namespace plimsoll::app::format
