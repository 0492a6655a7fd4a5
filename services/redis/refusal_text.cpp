#include "services/redis/refusal_text.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace darkroom {

namespace {

constexpr std::pair<std::string_view, const char*> known[] = {
  {"NOAUTH", "Redis wants a password: give [redis] password, or "
             "REDIS_URL=redis://:PASSWORD@host:port"},
  {"WRONGPASS", "Redis does not accept the user and password of [redis]"},
  {"WRONGTYPE", "a key of the queue holds something else: another program "
                "uses the same names in this Redis ([queue] name, [queue] "
                "prefix)"},
  {"OOM", "Redis's memory is full (maxmemory): nothing can be added"},
  {"BUSY", "Redis is busy with a script: try again"},
  {"MISCONF", "Redis cannot write its data to disk, and accepts no writes: "
              "see its log"},
};

/// With the default names: [queue] prefix is "bull", [events] channel is
/// "worker:events".
constexpr const char* acl_rule = "~bull:* ~darkroom:* &worker:events +@all "
                                 "-@admin -@dangerous +info +role +client|list";

/// "WRONGTYPE Operation …" -> "WRONGTYPE"; empty if the text does not begin
/// with a code.
std::string_view code_of(std::string_view text) {
  auto word = text.substr(0, text.find(' '));
  auto is_code = word.size() > 2 && word.size() < text.size()
                 && std::all_of(word.begin(), word.end(),
                                [](char c) { return c >= 'A' && c <= 'Z'; });
  return is_code ? word : std::string_view{};
}

/// The text without the place in a script: "user_script:309: … script: 3d36…,
/// on @…".
std::string_view without_place(std::string_view text) {
  if (auto end = text.rfind(" script: "); end != text.npos)
    text = text.substr(0, end);
  if (text.starts_with("user_script:"))
    if (auto end = text.find(": "); end != text.npos)
      text = text.substr(end + 2);
  return text;
}

} // namespace

std::string with_acl_hint(const std::string& refusal) {
  auto is_forbidden = refusal.find("NOPERM") != refusal.npos
                      || refusal.find("user executing the script can't")
                           != refusal.npos;
  if (!is_forbidden)
    return refusal;
  return std::string{without_place(refusal)}
         + "; the user needs the rule in docs/redis-high-availability.md: "
         + acl_rule;
}

std::string refusal_text(const std::string& refusal) {
  auto code = code_of(refusal);
  if (code.empty())
    return refusal;
  for (const auto& [name, text] : known)
    if (code == name)
      return text;
  auto rest = std::string_view{refusal}.substr(code.size() + 1);
  return "Redis refused: " + std::string{without_place(rest)};
}

} // namespace darkroom
