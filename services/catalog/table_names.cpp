#include "services/catalog/table_names.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace darkroom {

namespace {

/// Counts the migrations, in PostgreSQL and where a prefix is set.
constexpr std::string_view version_table = "darkroom_schema";

/// Tables that only migrations or one engine know.
constexpr std::array<std::string_view, 2> inner_tables{"image_texts",
                                                       "new_embeddings"};

bool begins_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool continues_word(char c) {
  return begins_word(c) || (c >= '0' && c <= '9');
}

/// Whether it is the table, or something called after it, as an index is.
bool is_called_after(std::string_view word, std::string_view table) {
  return word.starts_with(table)
         && (word.size() == table.size() || word[table.size()] == '_');
}

bool is_own(std::string_view word) {
  auto is_called = [word](std::string_view table) {
    return is_called_after(word, table);
  };
  return std::any_of(own_tables().begin(), own_tables().end(), is_called)
         || std::any_of(inner_tables.begin(), inner_tables.end(), is_called);
}

bool is_own_table(std::string_view word) {
  const auto& all = own_tables();
  return word == version_table
         || std::find(all.begin(), all.end(), word) != all.end();
}

/// Where the token that begins at `at` ends: a word, a quoted text, a comment,
/// or one character.
size_t end_of_token(std::string_view sql, size_t at) {
  auto behind = [&](size_t found) {
    return found == sql.npos ? sql.size() : found + 1;
  };
  if (sql[at] == '\'' || sql[at] == '"')
    return behind(sql.find(sql[at], at + 1));
  if (sql.substr(at, 2) == "--")
    return behind(sql.find('\n', at));
  if (!begins_word(sql[at]))
    return at + 1;
  auto end = at + 1;
  while (end < sql.size() && continues_word(sql[end]))
    ++end;
  return end;
}

} // namespace

std::string table_prefix(const catalog_settings& cfg) {
  if (!cfg.prefix.empty() || cfg.tables != "adopt")
    return cfg.prefix;
  return "darkroom_";
}

const std::vector<std::string>& own_tables() {
  static const std::vector<std::string> all{
    "images",         "image_parts",      "image_metadata", "image_variants",
    "image_marks",    "image_words",      "embeddings",     "search_state",
    "vector_changes", "image_bytes",      "job_outbox",     "upload_keys",
    "upload_files",   "deleted_images",   "api_tokens",     "access_keys",
    "audit_log",      "upload_key_images"};
  return all;
}

std::string table_names::renamed(std::string_view word) const {
  if (word == version_table)
    return prefix_ + "schema";
  return prefix_ + std::string{word};
}

std::string table_names::rename(std::string_view sql) const {
  std::string out;
  out.reserve(sql.size() + 64);
  for (size_t at = 0; at < sql.size();) {
    auto end = end_of_token(sql, at);
    auto token = sql.substr(at, end - at);
    auto is_word = begins_word(token.front());
    auto is_literal = token.size() > 2 && token.front() == '\'';
    auto inner = is_literal ? token.substr(1, token.size() - 2) : token;
    if (is_word && (is_own(token) || token == version_table))
      out += renamed(token);
    else if (is_literal && is_own_table(inner))
      out += '\'' + renamed(inner) + '\'';
    else
      out += token;
    at = end;
  }
  return out;
}

} // namespace darkroom
