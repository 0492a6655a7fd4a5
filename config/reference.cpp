#include "config/reference.hpp"

#include "config/field.hpp"
#include "config/provider_settings.hpp"
#include "config/variant_recipe.hpp"

namespace darkroom {

namespace {

/// "a,b" as `"a", "b"`.
std::string quoted_items(const std::string& list) {
  std::string out;
  for (auto c : list)
    out += c == ',' ? "\", \"" : std::string(1, c);
  return '"' + out + '"';
}

/// The default as TOML writes it.
std::string toml_default(const field& row) {
  auto text = read_field(row, settings{});
  switch (row.type) {
    case field_type::boolean:
    case field_type::amount:
    case field_type::number:
      return text == auto_word ? '"' + text + '"' : text;
    case field_type::list:
      return text.empty() ? "[]" : "[" + quoted_items(text) + "]";
    default:
      return '"' + text + '"';
  }
}

/// The environment variables of a field, the familiar one first.
std::string variables(const field& row, const char* quote) {
  auto own = quote + environment_name(row) + quote;
  return row.env.empty() ? own : quote + row.env + quote + ", " + own;
}

/// The text with its bars escaped, because a bar would end the cell.
std::string cell(std::string text) {
  for (size_t i = 0; (i = text.find('|', i)) != std::string::npos; i += 2)
    text.insert(i, "\\");
  return text;
}

constexpr const char* about_variants
  = "Which files become of a picture: one table per size. A file that has any "
    "replaces the three below, which are the defaults.";

std::string variants_toml() {
  auto out = std::string{"\n# "} + about_variants + '\n';
  for (const auto& x : variant_keys())
    out += "# " + x.name + ": " + x.allowed + ". " + x.about + '\n';
  for (const auto& x : default_recipes)
    out += "#[[variants]]\n#name = \"" + x.name + "\"\n#width = "
           + std::to_string(x.width) + "\n#format = [\"webp\", \"avif\"]\n";
  return out;
}

std::string variants_markdown() {
  auto out = std::string{"### [[variants]]\n\n"} + about_variants
             + "\n\n| key | allowed | meaning |\n| --- | --- | --- |\n";
  for (const auto& x : variant_keys())
    out += "| `" + x.name + "` | " + x.allowed + " | " + x.about + " |\n";
  return out + '\n' + "```toml\n[[variants]]\nname = \"thumb\"\nwidth = 256\n"
         + "height = 256\nfit = \"cover\"\nformat = [\"webp\", "
           "\"jpeg\"]\n```\n\n";
}

constexpr const char* about_names
  = "With tables = \"adopt\": what the web tier calls its tables and columns, "
    "where that is neither the name on the left nor the same in camelCase. An "
    "empty name: there is no such column. docs/web-tier.md lists all.";

std::string names_toml() {
  return std::string{"\n# "} + about_names
         + "\n#[catalog.names]\n#images = \"Image\"\n"
           "#\"images.file_path\" = \"path\"\n";
}

std::string names_markdown() {
  return std::string{"### [catalog.names]\n\n"} + about_names
         + "\n\n```toml\n[catalog.names]\nimages = \"Image\"\n"
           "\"images.file_path\" = \"path\"\n```\n\n";
}

constexpr const char* about_providers
  = "Several providers, the preferred first: one that refuses its key, its "
    "quota or its model, or asks to wait, leaves its calls to the next. They "
    "replace the keys of [vision] or [embedding] that name one.";

std::string providers_toml() {
  auto out = std::string{"\n# "} + about_providers + '\n';
  for (const auto& x : provider_keys())
    out += "# " + x.name + ": " + x.allowed + ". " + x.about + '\n';
  return out
         + "#[[vision.providers]]\n#base_url = \"http://127.0.0.1:11434/v1\"\n"
           "#model = \"qwen2.5vl\"\n"
           "#[[vision.providers]]\n#kind = \"local\"\n";
}

std::string providers_markdown() {
  auto out
    = std::string{"### [[vision.providers]], [[embedding.providers]]\n\n"}
      + about_providers
      + "\n\n| key | allowed | meaning |\n| --- | --- | --- |\n";
  for (const auto& x : provider_keys())
    out += "| `" + x.name + "` | " + x.allowed + " | " + x.about + " |\n";
  return out + '\n';
}

} // namespace

std::string reference_toml() {
  std::string out
    = "# Darkroom's settings, each at its default. Uncomment what you change.\n"
      "#\n"
      "# Found as --config FILE, $DARKROOM_CONFIG, ./darkroom.toml or\n"
      "# /etc/darkroom/darkroom.toml, whichever comes first. Stronger than "
      "this\n"
      "# file: environment variables (named below), then flags (--set\n"
      "# section.key=value). Durations: \"500ms\", \"2s\", \"1m\", \"24h\" or\n"
      "# 0. Sizes: \"50MB\" (10^6), \"50MiB\" (2^20) or "
      "whole\n"
      "# bytes. REDIS_URL stands for the five keys that name a Redis.\n";
  for (const auto& each : all_sections()) {
    out += "\n# " + each.about + "\n[" + each.name + "]\n";
    for (const auto& row : all_fields())
      if (row.section == each.name)
        out += "\n# " + row.reason + "\n# " + allowed(row) + ". "
               + variables(row, "") + "\n#" + row.key + " = "
               + toml_default(row) + '\n';
  }
  return out + names_toml() + providers_toml() + variants_toml();
}

std::string reference_markdown() {
  std::string out;
  for (const auto& each : all_sections()) {
    out += "### [" + each.name + "]\n\n" + each.about
           + "\n\n| key | default | allowed | environment | why |\n"
             "| --- | --- | --- | --- | --- |\n";
    for (const auto& row : all_fields())
      if (row.section == each.name)
        out += "| `" + row.key + "` | `" + cell(toml_default(row)) + "` | "
               + cell(allowed(row)) + " | " + variables(row, "`") + " | "
               + cell(row.reason) + (row.secret ? " Secret." : "") + " |\n";
    out += '\n';
  }
  return out + names_markdown() + providers_markdown() + variants_markdown();
}

} // namespace darkroom
