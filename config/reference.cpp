#include "config/reference.hpp"

#include "config/field.hpp"

namespace darkroom {

namespace {

/// The default as TOML writes it.
std::string toml_default(const field& row) {
  auto text = read_field(row, settings{});
  switch (row.type) {
    case field_type::boolean:
    case field_type::number:
      return text == auto_word ? '"' + text + '"' : text;
    case field_type::list:
      return text.empty() ? "[]" : "[\"" + text + "\"]";
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
      "# whole milliseconds. Sizes: \"50MB\" (10^6), \"50MiB\" (2^20) or "
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
  return out;
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
  return out;
}

} // namespace darkroom
