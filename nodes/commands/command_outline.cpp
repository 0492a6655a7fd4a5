#include "nodes/commands/command_outline.hpp"

#include "nodes/command.hpp"

namespace darkroom {

namespace {

option_outline outline_of(CLI::Option* option) {
  option_outline out;
  out.help = option->get_description();
  out.is_required = option->get_required();
  out.is_repeated = option->get_items_expected_max() > 1;
  if (option->get_items_expected_max() > 0)
    out.value = option->get_type_name();
  out.words = noted_words(option);
  if (option->get_positional()) {
    out.names.push_back(option->get_name(true));
    return out;
  }
  for (const auto& letter : option->get_snames())
    out.names.push_back("-" + letter);
  for (const auto& word : option->get_lnames())
    out.names.push_back("--" + word);
  return out;
}

void add_outline(CLI::App& command, const std::string& before,
                 std::vector<command_outline>& all) {
  command_outline out;
  out.path = before + command.get_name();
  out.help = command.get_description();
  auto is_shown = [](const auto* x) {
    return !x->get_group().empty();
  };
  for (auto* option : command.get_options(is_shown)) {
    auto& to = option->get_positional() ? out.arguments : out.flags;
    to.push_back(outline_of(option));
  }
  auto commands = command.get_subcommands(is_shown);
  for (const auto* each : commands)
    out.commands.push_back(each->get_name());
  auto path = out.path;
  all.push_back(std::move(out));
  for (auto* each : commands)
    add_outline(*each, path + " ", all);
}

} // namespace

std::vector<command_outline> outline_of(CLI::App& program) {
  std::vector<command_outline> all;
  add_outline(program, "", all);
  return all;
}

} // namespace darkroom
