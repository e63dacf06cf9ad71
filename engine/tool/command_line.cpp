// SPDX-License-Identifier: Apache-2.0
#include "command_line.h"

#include <CLI/CLI.hpp>

namespace plimsoll::engine {

CommandOption CommandOption::typeName(const char *name) const
{
    m_option->type_name(name);
    return *this;
}

CommandOption CommandOption::required() const
{
    m_option->required();
    return *this;
}

CommandOption CommandOption::showDefault() const
{
    m_option->capture_default_str();
    return *this;
}

CommandOption CommandOption::group(const char *name) const
{
    m_option->group(name);
    return *this;
}

CommandOption CommandOption::orAlone(const char *value) const
{
    m_option->expected(0, 1)->default_str(value);
    return *this;
}

Command Command::addSubcommand(const char *name, const char *description) const
{
    return Command(*m_app->add_subcommand(name, description));
}

CommandOption Command::addOption(const char *names, std::string &target, const char *description) const
{
    return CommandOption(m_app->add_option(names, target, description));
}

CommandOption Command::addOption(const char *names, std::vector<std::string> &target, const char *description) const
{
    return CommandOption(m_app->add_option(names, target, description)->expected(1)->take_all());
}

void Command::addFlag(const char *names, bool &target, const char *description) const
{
    m_app->add_flag(names, target, description);
}

void Command::onChosen(std::function<void()> run) const
{
    m_app->callback(std::move(run));
}

} // namespace plimsoll::engine
