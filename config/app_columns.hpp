/// The web tier's tables with `[catalog] tables = "adopt"`: the columns that
/// Darkroom writes, as the system that it replaces calls them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

/// What a column holds; it decides which types it may have.
enum class app_role {
  key,    ///< the image's id
  row_id, ///< the row's own id, which we make unless the database does
  text,
  choice, ///< a text of a fixed set, which may be an enumeration
  words,  ///< a JSON array of strings
  object, ///< a JSON object
  number,
  time
};

/// One column. Names are in snake_case; camelCase is found as well.
struct app_column_rule {
  std::string_view table;
  std::string_view name;
  app_role role;
  bool may_lack = false; ///< the map may leave it out: "" as its name
  bool is_needed = true; ///< false: nobody misses it
};

/// All columns, table by table.
const std::vector<app_column_rule>& app_column_rules();

/// The tables: images, image_metadata, image_variants.
const std::vector<std::string_view>& app_table_keys();

/// "image_metadata.searchable_text": the rule's key in `[catalog.names]`.
std::string key_of(const app_column_rule& rule);

/// All keys of `[catalog.names]`.
std::vector<std::string> app_name_keys();

/// "filePath" of "file_path".
std::string camel_case(std::string_view snake);

} // namespace darkroom
