/// The completion scripts: each finds the command that the line has come to,
/// then offers the values of the flag before the cursor, or commands, words and
/// flags. Where it offers nothing, the shell completes names of files.
#include "nodes/commands/command_outline.hpp"

namespace darkroom {

namespace {

using outlines = std::vector<command_outline>;

std::string list_with(const std::vector<std::string>& parts,
                      const std::string& between) {
  std::string out;
  for (const auto& x : parts)
    out += (out.empty() ? "" : between) + x;
  return out;
}

/// In single quotes of bash and zsh; fish reads it alike.
std::string shell_quoted(const std::string& text) {
  std::string out = "'";
  for (auto c : text)
    out += c == '\'' ? std::string{"'\\''"} : std::string{c};
  return out + "'";
}

/// "'darkroom dev' | 'darkroom tls init'": what leads on to a command.
std::string command_pattern(const outlines& all, const std::string& between) {
  std::vector<std::string> out;
  for (const auto& x : all)
    if (x.path.find(' ') != std::string::npos)
      out.push_back(shell_quoted(x.path));
  return list_with(out, between);
}

/// "'darkroom jobs --state'", for each name of a flag.
std::vector<std::string> flag_places(const command_outline& command,
                                     const option_outline& flag) {
  std::vector<std::string> out;
  for (const auto& name : flag.names)
    out.push_back(shell_quoted(command.path + ' ' + name));
  return out;
}

/// The flags whose value may be any text: perhaps a file's name.
std::string free_values(const outlines& all, const std::string& between) {
  std::vector<std::string> out;
  for (const auto& command : all)
    for (const auto& flag : command.flags)
      if (!flag.value.empty() && flag.words.empty())
        out.push_back(list_with(flag_places(command, flag), between));
  return list_with(out, between);
}

/// Every command has it, with all settings: they are listed once.
bool is_set(const option_outline& flag) {
  return flag.names.back() == "--set";
}

/// The keys that `--set` takes.
std::string set_words(const outlines& all) {
  for (const auto& command : all)
    for (const auto& flag : command.flags)
      if (is_set(flag))
        return list_with(flag.words, " ");
  return {};
}

/// The words of a command's first argument.
std::vector<std::string> first_words(const command_outline& command) {
  return command.arguments.empty() ? std::vector<std::string>{}
                                   : command.arguments.front().words;
}

/// Commands, words of the first argument, flags.
std::vector<std::string> all_words(const command_outline& command) {
  auto out = command.commands;
  auto words = first_words(command);
  out.insert(out.end(), words.begin(), words.end());
  for (const auto& flag : command.flags)
    out.insert(out.end(), flag.names.begin(), flag.names.end());
  return out;
}

/// What is said of each command of a command.
std::string help_of(const outlines& all, const std::string& path) {
  for (const auto& x : all)
    if (x.path == path)
      return x.help;
  return {};
}

} // namespace

std::string bash_completion(const outlines& all) {
  std::string out = R"(# Completes command lines of darkroom in bash.
# Made by `darkroom completion bash`.
_darkroom() {
  local cur=${COMP_WORDS[COMP_CWORD]} flag=${COMP_WORDS[COMP_CWORD - 1]}
  local at=darkroom i words=
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at ${COMP_WORDS[i]}" in
      )" + command_pattern(all, " | ")
                    + R"()
        at="$at ${COMP_WORDS[i]}" ;;
    esac
  done
  if [ "$cur" = = ]; then # --flag=
    cur=
  elif [ "$flag" = = ]; then # --flag=word
    flag=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  case "$at $flag" in
)";
  for (const auto& command : all)
    for (const auto& flag : command.flags)
      if (!flag.words.empty() && !is_set(flag))
        out += "    " + list_with(flag_places(command, flag), " | ")
               + ") words=" + shell_quoted(list_with(flag.words, " "))
               + " ;;\n";
  out += "    *' --set') words=" + shell_quoted(set_words(all)) + " ;;\n    "
         + free_values(all, " | ") + ") return ;;\n    *)\n"
         + "      case $at in\n";
  for (const auto& command : all)
    out += "        " + shell_quoted(command.path) + ") words="
           + shell_quoted(list_with(all_words(command), " ")) + " ;;\n";
  return out + R"(      esac ;;
  esac
  if [ "$flag" = --set ]; then # a value follows
    compopt -o nospace 2>/dev/null
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -o default -F _darkroom darkroom
)";
}

namespace {

/// "'name:what it is'" of zsh.
std::string zsh_item(const std::string& name, const std::string& help) {
  return shell_quoted(name + ':' + help);
}

std::string zsh_lists(const outlines& all, const command_outline& command) {
  std::string commands;
  for (const auto& name : command.commands)
    commands += ' ' + zsh_item(name, help_of(all, command.path + ' ' + name));
  std::string flags;
  for (const auto& flag : command.flags)
    for (const auto& name : flag.names)
      flags += ' ' + zsh_item(name, flag.help);
  return "  (" + shell_quoted(command.path) + ")\n    commands=(" + commands
         + " " + list_with(first_words(command), " ") + " )\n    flags=("
         + flags + " ) ;;\n";
}

} // namespace

std::string zsh_completion(const outlines& all) {
  std::string out = R"(#compdef darkroom
# Completes command lines of darkroom in zsh.
# Made by `darkroom completion zsh`.
local at=darkroom word flag=$words[CURRENT-1]
local -a commands flags
for word in ${words[2,CURRENT-1]}; do
  case "$at $word" in
    ()" + command_pattern(all, " | ")
                    + R"() at+=" $word" ;;
  esac
done
if [[ $PREFIX == --*=* ]]; then # --flag=word
  flag=${PREFIX%%=*}
  compset -P '*='
fi
case "$at $flag" in
)";
  for (const auto& command : all)
    for (const auto& flag : command.flags)
      if (!flag.words.empty() && !is_set(flag))
        out += "  (" + list_with(flag_places(command, flag), " | ")
               + ") compadd -- " + list_with(flag.words, " ") + "; return ;;\n";
  out += "  (*' --set') compadd -S '' -- " + set_words(all) + "; return ;;\n  ("
         + free_values(all, " | ") + ") _files; return ;;\nesac\ncase $at in\n";
  for (const auto& command : all)
    out += zsh_lists(all, command);
  return out + R"(esac
(( $#commands )) && _describe -t commands command commands
_describe -t options -o option flags
(( $#commands )) || _files
)";
}

namespace {

/// One `complete` line of fish: its condition, and what it offers.
std::string fish_line(const command_outline& command, const std::string& rest,
                      const std::string& help) {
  return "complete -c darkroom -n '__darkroom_at " + command.path + "' " + rest
         + (help.empty() ? "" : " -d " + shell_quoted(help)) + '\n';
}

std::string fish_flag(const command_outline& command,
                      const option_outline& flag) {
  std::string rest;
  for (const auto& name : flag.names)
    rest += (rest.empty() ? "" : " ")
            + (name.starts_with("--") ? "-l " + name.substr(2)
                                      : "-s " + name.substr(1));
  if (!flag.words.empty())
    rest += " -x -a " + shell_quoted(list_with(flag.words, " "));
  else if (!flag.value.empty())
    rest += " -r";
  return fish_line(command, rest, flag.help);
}

} // namespace

std::string fish_completion(const outlines& all) {
  std::string out = R"(# Completes command lines of darkroom in fish.
# Made by `darkroom completion fish`.
function __darkroom_at
    set -l at darkroom
    for word in (commandline -opc)[2..]
        switch "$at $word"
            case )" + command_pattern(all, " ")
                    + R"(
                set at "$at $word"
        end
    end
    test "$at" = "$argv"
end
)";
  for (const auto& command : all) {
    for (const auto& name : command.commands)
      out += fish_line(command, "-f -a " + name,
                       help_of(all, command.path + ' ' + name));
    if (auto words = first_words(command); !words.empty())
      out += fish_line(command, "-f -a " + shell_quoted(list_with(words, " ")),
                       "");
    for (const auto& flag : command.flags)
      if (!is_set(flag))
        out += fish_flag(command, flag);
  }
  return out + "complete -c darkroom -l set -x -a "
         + shell_quoted(set_words(all)) + " -d 'sets any setting'\n";
}

} // namespace darkroom
