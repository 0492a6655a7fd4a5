/// Reads values of flags and arguments, so that an error is told in Darkroom's
/// words and names what is allowed.
#pragma once

#include "messages/result.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// The whole numbers that a flag takes.
struct number_range {
  int64_t least = 0;
  int64_t most = INT64_MAX;
};

/// @returns the number in the text
/// @throws CLI::ValidationError naming the flag, the text and what is allowed
int64_t read_flag_number(const std::string& flag, const std::string& text,
                         number_range allowed);

/// Reads a time, with the same errors.
std::chrono::milliseconds read_flag_duration(const std::string& flag,
                                             const std::string& text);

template <class T>
struct number_in_flag {
  using type = T;
};
template <class T>
struct number_in_flag<std::optional<T>> {
  using type = T;
};

/// Adds a flag that takes a whole number.
/// @param into an integer, optional or not; must outlive the command
template <class T>
CLI::Option* add_number(CLI::App& command, const std::string& flag, T& into,
                        number_range allowed, const std::string& help) {
  return command
    .add_option_function<std::string>(
      flag,
      [flag, &into, allowed](const std::string& text) {
        into = static_cast<typename number_in_flag<T>::type>(
          read_flag_number(flag, text, allowed));
      },
      help)
    ->type_name("NUMBER");
}

/// Adds a flag that takes a time: "500ms", "5s", "1m", "24h", or whole ms.
/// @param into milliseconds, optional or not
template <class T>
CLI::Option* add_duration(CLI::App& command, const std::string& flag, T& into,
                          const std::string& help) {
  return command
    .add_option_function<std::string>(
      flag,
      [flag, &into](const std::string& text) {
        into = read_flag_duration(flag, text);
      },
      help)
    ->type_name("DURATION");
}

/// Words that a flag or an argument takes.
struct known_words {
  std::string kind;               ///< "action"
  std::vector<std::string> words; ///< in the order of messages
  /// A word of another program -> Darkroom's word.
  std::map<std::string, std::string> meant;
};

/// What is wrong with a word: "'delete' is no action; did you mean 'remove'?
/// Actions are show, …". Empty if the word is fine.
std::string judge_word(const std::string& word, const known_words& known);

/// Adds a flag or an argument that takes one of a few words.
CLI::Option* add_word(CLI::App& command, const std::string& name,
                      std::string& into, known_words known,
                      const std::string& help);

/// Flags of a command -> the actions that read them.
using flag_actions = std::map<std::string, std::vector<std::string>>;

/// Refuses flags that the action would silently ignore. Ignoring one could harm
/// jobs that it should spare: `queue drain --older 1h`.
/// @returns ec::bad_input naming the flag and the actions that read it
status check_flags(const CLI::App& command, const std::string& action,
                   const flag_actions& readers);

} // namespace darkroom
