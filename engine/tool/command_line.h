// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}

/// The command line, as subcommands see it. CLI11 does the work; its headers take longer to compile than a subcommand, so that only
/// command_line.cpp and tool.cpp read them. Targets are owned by the caller and outlive the parse.
namespace plimsoll::engine {

/// One option that takes a value. Each call answers the same option.
class CommandOption
{
public:
    explicit CommandOption(CLI::Option *option) : m_option(option) {}

    /// What help shows for the value: "N", "FILE".
    CommandOption typeName(const char *name) const;
    CommandOption required() const;
    /// Help shows what the target holds now.
    CommandOption showDefault() const;
    /// Under a heading of its own in help.
    CommandOption group(const char *name) const;
    /// May be given without a value, which then is `value`.
    CommandOption orAlone(const char *value) const;

private:
    CLI::Option *m_option;
};

class Command
{
public:
    explicit Command(CLI::App &app) : m_app(&app) {}

    Command addSubcommand(const char *name, const char *description) const;
    /// `names`: "-n,--name", or "name" for one that is told by its place.
    CommandOption addOption(const char *names, std::string &target, const char *description) const;
    /// One value each time the option is given.
    CommandOption addOption(const char *names, std::vector<std::string> &target, const char *description) const;
    void addFlag(const char *names, bool &target, const char *description) const;
    void onChosen(std::function<void()> run) const;

private:
    CLI::App *m_app;
};

} // namespace plimsoll::engine
