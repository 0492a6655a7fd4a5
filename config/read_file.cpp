#include "config/read_file.hpp"

#include "config/field.hpp"
#include "config/file_text.hpp"
#include "config/nearest.hpp"
#include "config/read_names.hpp"
#include "config/read_providers.hpp"
#include "config/read_variants.hpp"
#include "config/units.hpp"

#include <algorithm>
#include <sstream>

namespace darkroom {

namespace {

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
      return "a duration such as \"2s\"";
    case field_type::list:
      return "an array of strings";
    case field_type::amount:
      return "a number, without quotes";
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
                      && row.type != field_type::amount
                      && row.type != field_type::boolean
                      && row.type != field_type::list;
  if (takes_number && node.is_integer())
    return std::to_string(**node.as_integer());
  if (row.type == field_type::amount && node.is_floating_point())
    return format_amount(**node.as_floating_point());
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

/// The list of providers that a section may have; null if it has none.
std::vector<provider_settings>* providers_in(const std::string& section,
                                             file_settings& file) {
  if (section == "vision")
    return &file.vision_providers;
  return section == "embedding" ? &file.embedding_providers : nullptr;
}

status read_section(const std::string& section, const toml::table& table,
                    const std::string& name, file_settings& file) {
  auto& to = file.assignments;
  for (const auto& [key, node] : table) {
    if (auto* list = providers_in(section, file);
        list != nullptr && key.str() == "providers") {
      auto read = read_providers(section, node, name);
      if (!read)
        return std::move(read.error());
      *list = std::move(*read);
      continue;
    }
    if (section == "catalog" && key.str() == "names") {
      auto names = read_names(node, name);
      if (!names)
        return std::move(names.error());
      file.catalog_names = std::move(*names);
      continue;
    }
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

result<file_settings> read_table(const toml::table& file,
                                 const std::string& name) {
  std::vector<std::string> known{"variants"};
  for (const auto& each : all_sections())
    known.push_back(each.name);
  file_settings out;
  for (const auto& [key, node] : file) {
    std::string section{key.str()};
    if (section == "variants") {
      auto variants = read_variants(node, name);
      if (!variants)
        return std::move(variants.error());
      out.variants = std::move(*variants);
      continue;
    }
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

result<file_settings> read_toml(const std::string& text,
                                const std::string& name) {
  try {
    return read_table(toml::parse(text, name), name);
  } catch (const toml::parse_error& problem) {
    return fail(ec::bad_config,
                position(name, problem.source())
                  + ": not TOML: " + std::string{problem.description()});
  }
}

result<file_settings> read_file(const std::string& path) {
  auto text = file_text(path);
  if (!text)
    return fail(ec::bad_config, "cannot read the configuration file '" + path
                                  + "': " + text.error().context);
  return read_toml(*text, path);
}

} // namespace darkroom
