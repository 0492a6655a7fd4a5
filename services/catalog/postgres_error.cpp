#include "services/catalog/postgres_error.hpp"

#include "messages/result.hpp"

#include <algorithm>
#include <cctype>
#include <initializer_list>

namespace darkroom {

namespace {

bool is_one_of(std::string_view state,
               std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), state) != list.end();
}

bool is_state(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isdigit(c) || std::isupper(c);
  });
}

/// Cuts the SQLSTATE out of a line such as "… failed: FATAL: 28P01: password
/// …", and returns it; empty if there is none.
std::string take_state(std::string& line) {
  constexpr size_t length = 5;
  for (auto at = line.find(":  "); at != std::string::npos;
       at = line.find(":  ", at + 1)) {
    auto start = at + 3;
    if (line.compare(start + length, 2, ": ") != 0)
      continue;
    auto state = line.substr(start, length);
    if (!is_state(state))
      continue;
    line.erase(at + 1, length + 3);
    return state;
  }
  return {};
}

} // namespace

bool may_pass(std::string_view state) {
  return state.starts_with("08")     // connection
         || state.starts_with("40")  // serialization, deadlock
         || state.starts_with("57P") // the server stops or starts
         || is_one_of(
           state,
           {
             "25006", // read-only: a replica, until it is promoted
             "25P03", // idle in a transaction for too long: we were frozen
             "53300", // too many connections
             "55P03", // another one has the lock
             "57014", // the statement took too long
           });
}

bool ends_connection(std::string_view state) {
  return state.starts_with("08") || state.starts_with("57P")
         || is_one_of(state, {"25006", "25P03"});
}

const char* postgres_advice(std::string_view state) {
  if (state.starts_with("28"))
    return "; check user and password in the URL, and pg_hba.conf";
  if (state == "3D000")
    return "; make it: CREATE DATABASE";
  if (state == "42501")
    return "; give Darkroom's role the rights: docs/catalog.md";
  if (state == "53100")
    return "; free space on the server's volume";
  if (state == "53300")
    return "; each main node takes three connections: raise max_connections";
  if (state == "25006")
    return "; it is a replica: name the primary, or set "
           "target_session_attrs=read-write in the URL";
  return "";
}

error connect_error(const std::string& name, std::string_view message) {
  std::string text, state;
  while (!message.empty()) {
    auto end = std::min(message.find('\n'), message.size());
    std::string line{message.substr(0, end)};
    message.remove_prefix(std::min(end + 1, message.size()));
    if (line.empty() || line.starts_with("LOCATION:"))
      continue;
    // If there are several hosts, the last one that answered counts.
    if (auto found = take_state(line); !found.empty())
      state = found;
    line.erase(0, line.find_first_not_of(" \t"));
    text += (text.empty() ? "" : "; ") + line;
  }
  auto answered = !state.empty() && !may_pass(state);
  return fail(answered ? ec::catalog_failed : ec::catalog_unavailable,
              "catalog '" + name + "' cannot be reached: " + text
                + postgres_advice(state));
}

} // namespace darkroom
