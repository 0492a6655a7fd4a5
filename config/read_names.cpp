#include "config/read_names.hpp"

#include "config/app_columns.hpp"
#include "config/nearest.hpp"
#include "config/read_variants.hpp"

#include <algorithm>

namespace darkroom {

namespace {

constexpr size_t longest_name = 130; // PostgreSQL: 63, with its schema 127

bool may_be_empty(const std::string& key) {
  const auto& all = app_column_rules();
  return std::any_of(all.begin(), all.end(), [&key](const auto& rule) {
    return rule.may_lack && key_of(rule) == key;
  });
}

status check_name(const std::string& key, const toml::node& node,
                  const std::string& file) {
  auto wrong = [&](const std::string& why) {
    return fail(ec::bad_config, position(file, node.source())
                                  + ": [catalog.names] \"" + key + "\" " + why);
  };
  if (!node.is_string())
    return wrong("must be a string: the name in your database");
  auto name = node.value_or(std::string{});
  if (name.size() > longest_name || name.find('\0') != name.npos)
    return wrong("is longer than a name can be");
  if (name.empty() && !may_be_empty(key))
    return wrong("must not be empty: Darkroom cannot do without it");
  return ok;
}

} // namespace

result<std::map<std::string, std::string>> read_names(const toml::node& node,
                                                      const std::string& file) {
  auto table = node.as_table();
  if (table == nullptr)
    return fail(ec::bad_config,
                position(file, node.source())
                  + ": catalog.names is a section; write [catalog.names] and "
                    "its keys below, such as \"images.file_path\" = "
                    "\"filePath\"");
  std::map<std::string, std::string> out;
  auto known = app_name_keys();
  for (const auto& [key, value] : *table) {
    std::string name{key.str()};
    auto where = position(file, key.source());
    if (value.is_table())
      return fail(ec::bad_config, where + ": write \"" + name
                                    + ".column\" in quotes in "
                                      "[catalog.names]");
    if (std::find(known.begin(), known.end(), name) == known.end())
      return fail(ec::bad_config, where + ": unknown key '" + name
                                    + "' in [catalog.names]"
                                    + suggestion(name, known));
    if (auto sound = check_name(name, value, file); !sound)
      return std::move(sound.error());
    out[name] = value.value_or(std::string{});
  }
  return out;
}

} // namespace darkroom
