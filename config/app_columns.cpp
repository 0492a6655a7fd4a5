#include "config/app_columns.hpp"

#include <cctype>

namespace darkroom {

const std::vector<app_column_rule>& app_column_rules() {
  using enum app_role;
  static const std::vector<app_column_rule> all{
    {"images", "id", key},
    {"images", "file_path", text, true},
    {"images", "status", choice},
    {"images", "error", text, true},
    {"images", "created_at", time, true, false}, // tells the unit of times
    {"images", "updated_at", time, true},
    {"images", "processed_at", time, true},
    {"image_metadata", "id", row_id, true},
    {"image_metadata", "image_id", key},
    {"image_metadata", "description", text, true},
    {"image_metadata", "detailed_description", text, true},
    {"image_metadata", "tags", words, true},
    {"image_metadata", "categories", words, true},
    {"image_metadata", "objects", words, true},
    {"image_metadata", "colors", object, true},
    {"image_metadata", "mood", text, true},
    {"image_metadata", "style", text, true},
    {"image_metadata", "composition", object, true},
    {"image_metadata", "searchable_text", text, true},
    {"image_metadata", "generated_at", time, true},
    {"image_metadata", "model", text, true},
    {"image_variants", "id", row_id, true},
    {"image_variants", "image_id", key},
    {"image_variants", "variant_type", choice},
    {"image_variants", "format", choice},
    {"image_variants", "width", number, true},
    {"image_variants", "height", number, true},
    {"image_variants", "file_size", number, true},
    {"image_variants", "file_path", text, true},
    {"image_variants", "created_at", time, true},
  };
  return all;
}

const std::vector<std::string_view>& app_table_keys() {
  static const std::vector<std::string_view> all{"images", "image_metadata",
                                                 "image_variants"};
  return all;
}

std::string key_of(const app_column_rule& rule) {
  return std::string{rule.table}.append(".").append(rule.name);
}

std::vector<std::string> app_name_keys() {
  std::vector<std::string> out;
  for (auto table : app_table_keys())
    out.emplace_back(table);
  for (const auto& rule : app_column_rules())
    out.push_back(key_of(rule));
  return out;
}

std::string camel_case(std::string_view snake) {
  std::string out;
  for (size_t i = 0; i < snake.size(); ++i) {
    auto is_start = snake[i] == '_' && i + 1 < snake.size();
    i += is_start ? 1 : 0;
    auto c = static_cast<unsigned char>(snake[i]);
    out += static_cast<char>(is_start ? std::toupper(c) : c);
  }
  return out;
}

} // namespace darkroom
