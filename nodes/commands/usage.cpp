#include "nodes/commands/usage.hpp"

#include "config/nearest.hpp"
#include "nodes/commands/flag_values.hpp"
#include "services/text/printable.hpp"

#include <algorithm>
#include <map>

namespace darkroom {

namespace {

constexpr size_t longest_word = 60; ///< bytes of a word that is quoted

/// Words of other programs that people try.
const std::map<std::string, std::string> other_commands{
  {"help", "darkroom --help"},
  {"version", "darkroom --version"},
  {"list", "darkroom jobs"},
  {"ls", "darkroom jobs"},
  {"show", "darkroom job show"},
  {"why", "darkroom job why"},
  {"logs", "darkroom job logs"},
  {"retry", "darkroom job retry"},
  {"promote", "darkroom job promote"},
  {"cancel", "darkroom job cancel"},
  {"remove", "darkroom job remove"},
  {"delete", "darkroom job remove"},
  {"stats", "darkroom queue"},
  {"status", "darkroom queue"},
  {"pause", "darkroom queue pause"},
  {"resume", "darkroom queue resume"},
  {"drain", "darkroom queue drain"},
  {"clean", "darkroom queue clean"},
  {"obliterate", "darkroom queue obliterate"},
  {"redrive", "darkroom dead redrive"},
  {"purge", "darkroom dead purge"},
  {"main", "darkroom serve"},
  {"server", "darkroom serve"},
  {"start", "darkroom serve"},
  {"run", "darkroom serve"},
  {"worker", "darkroom work"},
  {"tail", "darkroom events"},
  {"watch", "darkroom top"},
  {"monitor", "darkroom top"},
  {"convert", "darkroom variants"},
  {"resize", "darkroom variants"},
  {"thumbnail", "darkroom variants"},
};

/// The innermost command that was parsed.
const CLI::App& innermost(const CLI::App& program) {
  const auto* at = &program;
  while (!at->get_subcommands().empty())
    at = at->get_subcommands().front();
  return *at;
}

std::vector<std::string> names_of(const CLI::App& command) {
  std::vector<std::string> out;
  for (const auto* each : command.get_subcommands([](const CLI::App* x) {
         return !x->get_group().empty(); // hidden
       }))
    out.push_back(each->get_name());
  return out;
}

std::vector<std::string> flags_of(const CLI::App& command) {
  std::vector<std::string> out;
  for (const auto* each : command.get_options())
    for (const auto& name : each->get_lnames())
      out.push_back("--" + name);
  return out;
}

std::string unknown_word(const CLI::App& program, const std::string& word) {
  const auto& command = innermost(program);
  auto name = parsed_command(program);
  auto quote = "'" + printable(word, longest_word) + "'";
  auto bare = word.substr(0, word.find('='));
  if (word == "-v" || word == "-V" || word == "-version")
    return name + " has no flag " + quote + "; did you mean '--version'?";
  if (word.starts_with('-') && word.size() > 1)
    return name + " has no flag " + quote + suggestion(bare, flags_of(command));
  auto commands = names_of(command);
  if (commands.empty())
    return name + " takes no further argument: " + quote;
  if (&command == &program)
    return judge_word(word, {"command", commands, other_commands});
  return judge_word(word, {"command of " + name, commands, {}});
}

} // namespace

std::string parsed_command(const CLI::App& program) {
  std::string out;
  for (const auto* at = &innermost(program); at; at = at->get_parent())
    out = at->get_name() + (out.empty() ? "" : " " + out);
  return out;
}

std::string usage_error(const CLI::App& program, const CLI::ParseError& wrong) {
  auto left = program.remaining(true);
  auto is_unknown = dynamic_cast<const CLI::ExtrasError*>(&wrong)
                    || dynamic_cast<const CLI::RequiredError*>(&wrong);
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&wrong)) {
    std::string text = wrong.what(); // "--page: 1 required TEXT missing"
    return text.substr(0, text.find(':')) + " needs a value";
  }
  if (left.empty() || !is_unknown)
    return printable(wrong.what());
  // To people, the word after an unknown flag is its value.
  auto flag = std::find_if(left.begin(), left.end(), [](const auto& word) {
    return word.starts_with('-');
  });
  return unknown_word(program, flag == left.end() ? left.front() : *flag);
}

} // namespace darkroom
