#include "config/load.hpp"

#include "config/database_url.hpp"
#include "config/field.hpp"
#include "config/provider_settings.hpp"
#include "config/read_file.hpp"
#include "config/validate.hpp"

#include <filesystem>
#include <set>

namespace darkroom {

namespace {

bool exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

/// The file to read; empty if none exists and none was requested.
result<std::string> find_file(const load_request& request) {
  auto asked = request.config_path;
  std::string by = "flag --config";
  if (!asked) {
    auto found = request.variables.find("DARKROOM_CONFIG");
    if (found != request.variables.end() && !found->second.empty()) {
      asked = found->second;
      by = "environment variable DARKROOM_CONFIG";
    }
  }
  if (asked) {
    if (exists(*asked))
      return *asked;
    return fail(ec::bad_config, by + ": there is no file '" + *asked
                                  + "'; name an existing TOML file (the "
                                    "shipped config/darkroom.toml lists all "
                                    "settings)");
  }
  for (const auto& path : request.search)
    if (exists(path))
      return path;
  return std::string{};
}

/// The assignments of one source, weaker ones first.
using layer = std::vector<assignment>;

status apply(const layer& all, loaded_settings& to) {
  for (const auto& each : all) {
    auto row = find_field(each.key);
    if (!row)
      return fail(ec::bad_config, each.origin + ": " + row.error().context);
    auto done = write_field(**row, each.text, to.values);
    if (!done)
      return fail(ec::bad_config,
                  each.origin + ": " + each.key + ' ' + done.error().context);
    to.from[each.key] = each.origin;
  }
  return ok;
}

} // namespace

result<loaded_settings> load_settings(const load_request& request) {
  loaded_settings loaded;
  auto path = find_file(request);
  if (!path)
    return std::move(path.error());
  loaded.file = *path;
  layer file;
  if (!path->empty()) {
    auto read = read_file(*path);
    if (!read)
      return std::move(read.error());
    file = std::move(read->assignments);
    loaded.has_own_variants = !read->variants.empty();
    if (loaded.has_own_variants)
      loaded.values.imaging.variants = std::move(read->variants);
    loaded.values.catalog.names = std::move(read->catalog_names);
    loaded.values.vision.providers = std::move(read->vision_providers);
    loaded.values.embedding.providers = std::move(read->embedding_providers);
  }
  std::set<std::string> set_elsewhere;
  for (const auto* some :
       std::initializer_list<const layer*>{&file, &request.flags})
    for (const auto& each : *some)
      set_elsewhere.insert(each.key);
  auto variables = read_environment(request.variables, set_elsewhere);
  if (!variables)
    return std::move(variables.error());
  loaded.warnings = std::move(variables->warnings);
  for (const auto* some : std::initializer_list<const layer*>{
         &request.defaults, &file, &variables->assignments, &request.flags})
    if (auto done = apply(*some, loaded); !done)
      return std::move(done.error());
  auto& database = loaded.values.catalog.database;
  database = without_file_scheme(database);
  if (auto done = validate(loaded.values, loaded.from); !done)
    return std::move(done.error());
  return loaded;
}

result<assignment> parse_set_flag(const std::string& argument) {
  auto equals = argument.find('=');
  auto key = argument.substr(0, equals);
  auto row = find_field(key);
  if (!row)
    return fail(ec::bad_config, "flag --set: " + row.error().context
                                  + " (the form is --set section.key=value)");
  if (equals == std::string::npos)
    return fail(ec::bad_config, "flag --set: '" + argument
                                  + "' has no '='; the form is --set " + key
                                  + "=value");
  return assignment{key, argument.substr(equals + 1), "flag --set"};
}

std::vector<setting_line> describe(const loaded_settings& loaded) {
  std::vector<setting_line> lines;
  for (const auto& row : all_fields()) {
    lines.push_back({row.name(), shown(row, read_field(row, loaded.values)),
                     origin_of(row.name(), loaded.from)});
  }
  for (const auto& x : loaded.values.imaging.variants)
    lines.push_back({"variants", describe(x),
                     loaded.has_own_variants ? loaded.file : "default"});
  for (const auto& [key, name] : loaded.values.catalog.names)
    lines.push_back({"catalog.names", key + " = \"" + name + '"', loaded.file});
  for (const auto& x : loaded.values.vision.providers)
    lines.push_back({"vision.providers", describe(x), loaded.file});
  for (const auto& x : loaded.values.embedding.providers)
    lines.push_back({"embedding.providers", describe(x), loaded.file});
  return lines;
}

} // namespace darkroom
