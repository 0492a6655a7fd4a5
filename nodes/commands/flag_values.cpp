#include "nodes/commands/flag_values.hpp"

#include "config/nearest.hpp"
#include "config/units.hpp"
#include "nodes/command.hpp"
#include "services/text/printable.hpp"

#include <algorithm>

namespace darkroom {

namespace {

constexpr size_t longest_quote = 60; ///< bytes of a word that is quoted

std::string quoted(const std::string& text) {
  return "'" + printable(text, longest_quote) + "'";
}

std::string text_of(number_range allowed) {
  auto least = std::to_string(allowed.least);
  return allowed.most == INT64_MAX
           ? "from " + least + " on"
           : "from " + least + " to " + std::to_string(allowed.most);
}

std::string list_of(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words)
    out += (out.empty() ? "" : ", ") + word;
  return out;
}

} // namespace

int64_t read_flag_number(const std::string& flag, const std::string& text,
                         number_range allowed) {
  auto number = parse_number(text);
  if (!number || *number < allowed.least || *number > allowed.most)
    throw CLI::ValidationError(flag + " " + quoted(text)
                               + " is not a whole number " + text_of(allowed));
  return *number;
}

std::chrono::milliseconds read_flag_duration(const std::string& flag,
                                             const std::string& text) {
  auto span = parse_duration(text);
  if (!span)
    throw CLI::ValidationError(flag + " " + quoted(text) + " "
                               + span.error().context);
  return *span;
}

std::string judge_word(const std::string& word, const known_words& known) {
  if (std::find(known.words.begin(), known.words.end(), word)
      != known.words.end())
    return {};
  auto meant = known.meant.find(word);
  auto kinds = known.kind + "s";
  kinds[0] = static_cast<char>(std::toupper(kinds[0]));
  auto out = quoted(word) + " is not a known " + known.kind;
  out += meant == known.meant.end() ? suggestion(word, known.words)
                                    : "; did you mean '" + meant->second + "'?";
  out += out.back() == '?' ? " " : ". ";
  return out + kinds + " are " + list_of(known.words);
}

status check_flags(const CLI::App& command, const std::string& action,
                   const flag_actions& readers) {
  for (const auto& [flag, actions] : readers) {
    auto is_read = std::find(actions.begin(), actions.end(), action)
                   != actions.end();
    if (!is_read && command.get_option(flag)->count() > 0)
      return fail(ec::bad_input, flag + " has no meaning for `"
                                   + command.get_name() + " " + action
                                   + "`: it is for " + list_of(actions));
  }
  return ok;
}

CLI::Option* add_word(CLI::App& command, const std::string& name,
                      std::string& into, known_words known,
                      const std::string& help) {
  auto words = known.words;
  auto* option = command.add_option_function<std::string>(
    name,
    [name, &into, known = std::move(known)](const std::string& word) {
      auto wrong = judge_word(word, known);
      if (!wrong.empty())
        throw CLI::ValidationError(
          (name.starts_with('-') ? name + " " : std::string{}) + wrong);
      into = word;
    },
    help);
  note_words(option, words);
  return option;
}

} // namespace darkroom
