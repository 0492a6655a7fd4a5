#include "services/catalog/app_tables.hpp"

#include "config/database_url.hpp"
#include "services/catalog/each_row.hpp"
#include "services/catalog/migrations.hpp"

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

// Both return name, type, NOT NULL, whether there is a default, and the words
// of an enumeration.
constexpr auto ask_postgres
  = "SELECT a.attname::text, format_type(a.atttypid, NULL), a.attnotnull::int, "
    "(a.atthasdef OR a.attidentity <> '' OR a.attgenerated <> '')::int, "
    "COALESCE((SELECT string_agg(e.enumlabel::text, ',' "
    "ORDER BY e.enumsortorder) FROM pg_enum AS e "
    "WHERE e.enumtypid = a.atttypid), '') FROM pg_attribute AS a "
    "WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 "
    "AND NOT a.attisdropped ORDER BY a.attnum";
constexpr auto ask_sqlite
  = "SELECT name, type, \"notnull\", (dflt_value IS NOT NULL "
    "OR (pk = 1 AND upper(type) = 'INTEGER')), '' FROM pragma_table_info($1)";

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32)
                                : static_cast<char>(c);
  });
  return out;
}

app_kind postgres_kind(std::string_view type, bool is_enumeration) {
  constexpr std::pair<std::string_view, app_kind> known[] = {
    {"text", app_kind::text},
    {"character varying", app_kind::text},
    {"character", app_kind::text},
    {"uuid", app_kind::uuid},
    {"bigint", app_kind::integer},
    {"integer", app_kind::small},
    {"smallint", app_kind::small},
    {"json", app_kind::json},
    {"jsonb", app_kind::json},
    {"text[]", app_kind::text_array},
    {"timestamp without time zone", app_kind::timestamp},
    {"timestamp with time zone", app_kind::timestamptz},
  };
  for (const auto& [name, kind] : known)
    if (type == name)
      return kind;
  return is_enumeration ? app_kind::enumeration : app_kind::other;
}

/// By the words that decide about a column's affinity, and by those of ORMs.
app_kind sqlite_kind(std::string_view declared) {
  auto type = lower(declared);
  auto has = [&type](const char* word) {
    return type.find(word) != type.npos;
  };
  if (has("date") || has("time"))
    return app_kind::datetime;
  if (has("int"))
    return app_kind::integer;
  if (has("char") || has("text") || has("clob") || has("json") || has("uuid"))
    return app_kind::text;
  return app_kind::other;
}

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> out;
  while (!list.empty()) {
    auto end = std::min(list.find(','), list.size());
    out.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return out;
}

app_column column_of(const statement& row, bool is_postgres) {
  app_column out;
  out.name = row.text(0);
  out.type = row.text(1);
  out.is_required = row.integer(2) != 0;
  out.has_default = row.integer(3) != 0;
  out.words = split(row.text(4));
  out.kind = is_postgres ? postgres_kind(out.type, !out.words.empty())
                         : sqlite_kind(out.type);
  auto is_upper = [](const std::string& word) {
    return word != lower(word);
  };
  out.is_upper = !out.words.empty()
                 && std::all_of(out.words.begin(), out.words.end(), is_upper);
  return out;
}

/// The names that a table may have: what the map says, or one of two spellings.
std::vector<std::string> candidates(const catalog_settings& cfg,
                                    const std::string& key) {
  auto mapped = cfg.names.find(key);
  if (mapped != cfg.names.end())
    return {mapped->second};
  return {key, camel_case(key)};
}

/// "web.images" as "web"."images". If nobody says a schema, it is that of the
/// URL; else, if our tables are elsewhere, PostgreSQL's usual one.
std::string postgres_name(const catalog_settings& cfg,
                          const std::string& name) {
  auto dot = name.find('.');
  if (dot != name.npos)
    return quoted_name(name.substr(0, dot)) + '.'
           + quoted_name(name.substr(dot + 1));
  auto schema = read_postgres_url(cfg.database).schema;
  if (schema.empty() && !cfg.schema.empty())
    schema = "public";
  return (schema.empty() ? "" : quoted_name(schema) + '.') + quoted_name(name);
}

status read_columns(database& db, const std::string& name, bool is_postgres,
                    app_table& to) {
  auto query = db.prepare(is_postgres ? ask_postgres : ask_sqlite);
  if (!query)
    return std::move(query.error());
  query->bind(name);
  to.columns.clear();
  auto done = each_row(*query, [&] {
    to.columns.push_back(column_of(*query, is_postgres));
  });
  to.is_there = !to.columns.empty();
  return done;
}

/// Reads the first of the names that there is.
result<app_table> read_table(database& db, const catalog_settings& cfg,
                             std::string_view key) {
  auto is_postgres = is_postgres_url(cfg.database);
  app_table out;
  out.key = key;
  auto names = candidates(cfg, std::string{key});
  for (const auto& name : names) {
    out.name = is_postgres ? postgres_name(cfg, name) : quoted_name(name);
    auto done = read_columns(db, is_postgres ? out.name : name, is_postgres,
                             out);
    if (!done)
      return std::move(done.error());
    if (out.is_there)
      return out;
  }
  out.name = is_postgres ? postgres_name(cfg, names.front())
                         : quoted_name(names.front());
  return out;
}

/// Whether the role may do what the mirror does.
result<bool> may_write(database& db, const app_tables& all) {
  for (const auto& table : all.tables) {
    auto rights = table.key == "images" ? "SELECT,UPDATE"
                                        : "SELECT,INSERT,UPDATE,DELETE";
    std::string sql = "SELECT (TRUE";
    for (const auto& right : split(rights))
      sql += " AND has_table_privilege(to_regclass($1), '" + right + "')";
    auto query = db.prepare(sql + ")::int");
    if (!query)
      return std::move(query.error());
    if (auto row = query->bind(table.name).step(); !row)
      return std::move(row.error());
    if (table.is_there && query->integer(0) == 0)
      return false;
  }
  return true;
}

} // namespace

const app_table& app_tables::table(std::string_view key) const {
  for (const auto& x : tables)
    if (x.key == key)
      return x;
  return tables.front();
}

const app_column* app_tables::find(const app_column_rule& rule) const {
  const auto& columns = table(rule.table).columns;
  auto by_name = [&columns](std::string_view name) -> const app_column* {
    for (const auto& x : columns)
      if (x.name == name)
        return &x;
    return nullptr;
  };
  auto mapped = names.find(key_of(rule));
  if (mapped != names.end())
    return by_name(mapped->second); // "" is no column's name
  auto found = by_name(rule.name);
  return found != nullptr ? found : by_name(camel_case(rule.name));
}

const app_column* app_tables::find(std::string_view table,
                                   std::string_view name) const {
  for (const auto& rule : app_column_rules())
    if (rule.table == table && rule.name == name)
      return find(rule);
  return nullptr;
}

bool app_tables::is_left_out(const app_column_rule& rule) const {
  auto mapped = names.find(key_of(rule));
  return mapped != names.end() && mapped->second.empty();
}

std::string app_tables::wanted_name(const app_column_rule& rule) const {
  auto mapped = names.find(key_of(rule));
  if (mapped != names.end())
    return mapped->second;
  auto is_camel = [](const app_column& x) {
    return x.name != lower(x.name);
  };
  const auto& columns = table(rule.table).columns;
  return std::any_of(columns.begin(), columns.end(), is_camel)
           ? camel_case(rule.name)
           : std::string{rule.name};
}

result<app_tables> read_app_tables(database& db, const catalog_settings& cfg) {
  app_tables out;
  out.is_postgres = is_postgres_url(cfg.database);
  out.names = cfg.names;
  for (auto key : app_table_keys()) {
    auto table = read_table(db, cfg, key);
    if (!table)
      return std::move(table.error());
    out.tables.push_back(std::move(*table));
  }
  if (out.is_postgres) {
    auto allowed = may_write(db, out);
    if (!allowed)
      return std::move(allowed.error());
    out.may_write = *allowed;
  }
  return out;
}

} // namespace darkroom
