#include "config/read_file.hpp"

#include "config/field.hpp"
#include "config/nearest.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>

namespace darkroom {

namespace {

std::string position(const std::string& name, const toml::source_region& at) {
  std::ostringstream out;
  out << name << ':' << at.begin.line << ':' << at.begin.column;
  return out.str();
}

/// How TOML writes a field of this type.
const char* wanted(field_type type) {
  switch (type) {
    case field_type::text:
      return "a string";
    case field_type::boolean:
      return "true or false, without quotes";
    case field_type::number:
      return "a whole number, without quotes";
    case field_type::size:
      return "a size such as \"50MB\", or whole bytes";
    case field_type::duration:
      return "a duration such as \"2s\", or whole milliseconds";
    case field_type::list:
      return "an array of strings";
    case field_type::rate:
      return "a rate such as \"10/60s\", or 0 for none";
  }
  return "a value";
}

std::string joined(const toml::array& list, bool& all_strings) {
  std::string text;
  for (const auto& entry : list) {
    all_strings = all_strings && entry.is_string();
    text += (text.empty() ? "" : ",") + entry.value_or(std::string{});
  }
  return text;
}

/// The value as text; fails if the TOML type is not one the field can have.
result<std::string> to_text(const field& row, const toml::node& node) {
  auto takes_number = row.type != field_type::text
                      && row.type != field_type::boolean
                      && row.type != field_type::list;
  auto takes_string = row.type != field_type::number
                      && row.type != field_type::boolean
                      && row.type != field_type::list;
  if (takes_number && node.is_integer())
    return std::to_string(**node.as_integer());
  if ((takes_string || row.takes_auto) && node.is_string())
    return **node.as_string();
  if (row.type == field_type::boolean && node.is_boolean())
    return std::string{**node.as_boolean() ? "true" : "false"};
  if (row.type == field_type::list && node.is_array()) {
    auto all_strings = true;
    auto text = joined(*node.as_array(), all_strings);
    if (all_strings)
      return text;
  }
  std::ostringstream found;
  found << node.type();
  return fail(ec::bad_config, std::string{"must be "} + wanted(row.type)
                                + ", but is of type " + found.str()
                                + "; allowed: " + allowed(row));
}

status read_section(const std::string& section, const toml::table& table,
                    const std::string& name, std::vector<assignment>& to) {
  for (const auto& [key, node] : table) {
    std::vector<std::string> known;
    const field* match = nullptr;
    for (const auto& row : all_fields())
      if (row.section == section) {
        known.push_back(row.key);
        match = row.key == key.str() ? &row : match;
      }
    if (match == nullptr)
      return fail(ec::bad_config, position(name, key.source())
                                    + ": unknown key '" + std::string{key.str()}
                                    + "' in [" + section + ']'
                                    + suggestion(key.str(), known));
    auto where = position(name, node.source());
    auto text = to_text(*match, node);
    if (!text)
      return fail(ec::bad_config,
                  where + ": " + match->name() + ' ' + text.error().context);
    to.push_back({match->name(), *text, where});
  }
  return ok;
}

result<std::vector<assignment>> read_table(const toml::table& file,
                                           const std::string& name) {
  std::vector<std::string> known;
  for (const auto& each : all_sections())
    known.push_back(each.name);
  std::vector<assignment> out;
  for (const auto& [key, node] : file) {
    std::string section{key.str()};
    auto where = position(name, key.source());
    if (std::find(known.begin(), known.end(), section) == known.end())
      return fail(ec::bad_config,
                  where
                    + (node.is_table()
                         ? ": unknown section [" + section + ']'
                         : ": '" + section + "' stands outside a [section]")
                    + suggestion(section, known));
    if (!node.is_table())
      return fail(ec::bad_config, where + ": '" + section
                                    + "' is a section; write [" + section
                                    + "] and its keys below");
    auto done = read_section(section, *node.as_table(), name, out);
    if (!done)
      return std::move(done.error());
  }
  return out;
}

} // namespace

result<std::vector<assignment>> read_toml(const std::string& text,
                                          const std::string& name) {
  try {
    return read_table(toml::parse(text, name), name);
  } catch (const toml::parse_error& problem) {
    return fail(ec::bad_config,
                position(name, problem.source())
                  + ": not TOML: " + std::string{problem.description()});
  }
}

result<std::vector<assignment>> read_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (!file.is_open() || file.bad())
    return fail(ec::bad_config, "cannot read the configuration file '" + path
                                  + "': " + std::strerror(errno));
  return read_toml(text, path);
}

} // namespace darkroom
