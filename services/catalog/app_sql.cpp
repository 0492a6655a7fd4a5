#include "services/catalog/app_sql.hpp"

#include "services/catalog/app_values.hpp"
#include "services/catalog/migrations.hpp"

namespace darkroom {

namespace {

/// A column that the web tier's table has, and its rule.
struct pair_of {
  const app_column_rule& rule;
  const app_column& column;
};

class writer {
public:
  explicit writer(const app_tables& all) : all_(all), values_(all) {}

  app_sql make() {
    app_sql out;
    out.put_status = put_status();
    out.put_metadata = {update("image_metadata", {}), insert("image_metadata")};
    out.add_metadata = insert("image_metadata");
    out.put_variants = {update("image_variants", {"variant_type", "format"}),
                        insert("image_variants")};
    out.add_variants = insert("image_variants");
    out.drop_variants = drop_variants();
    out.add_image = add_image();
    for (const auto* table : {"image_variants", "image_metadata"})
      out.remove.push_back("DELETE FROM " + name(table) + " AS a WHERE "
                           + is_of_image(table));
    out.remove.push_back("DELETE FROM " + name("images") + " AS a WHERE "
                         + is_of_image("images"));
    return out;
  }

private:
  const std::string& name(std::string_view table) const {
    return all_.table(table).name;
  }

  /// The column in quotes.
  std::string column(std::string_view table, std::string_view which) const {
    return quoted_name(all_.find(table, which)->name);
  }

  /// Those that are written; not the key, and not the row's id.
  std::vector<pair_of> written(std::string_view table) const {
    std::vector<pair_of> out;
    for (const auto& rule : app_column_rules()) {
      const auto* x = rule.table == table ? all_.find(rule) : nullptr;
      if (x != nullptr && rule.role != app_role::key
          && rule.role != app_role::row_id)
        out.push_back({rule, *x});
    }
    return out;
  }

  std::string ours(const app_column_rule& rule) const {
    return "d." + std::string{rule.name};
  }

  /// That a row of the web tier's table, called a, is of the image.
  std::string is_of_image(std::string_view table) const {
    auto which = table == "images" ? "id" : "image_id";
    return "a." + column(table, which) + " = "
           + values_.key(*all_.find(table, which));
  }

  /// That rows a and d agree in these columns.
  std::string is_same(std::string_view table,
                      const std::vector<std::string_view>& columns) const {
    std::string out;
    for (auto which : columns)
      for (const auto& x : written(table))
        if (x.rule.name == which)
          out += " AND a." + quoted_name(x.column.name) + " = "
                 + values_.value(x.rule, x.column, ours(x.rule));
    return out;
  }

  std::string put_status() const {
    auto status = all_.find("images", "status");
    // We may know nothing of a chain that ended before we came.
    auto chain = "CASE WHEN d.status = 'processing' AND lower(CAST(a."
                 + quoted_name(status->name)
                 + " AS TEXT)) = 'completed' AND NOT EXISTS (SELECT 1 FROM "
                   "image_parts AS p WHERE p.image_id = d.id AND p.part <> "
                   "'variants') THEN 'completed' ELSE d.status END";
    std::string sets;
    for (const auto& [rule, x] : written("images")) {
      if (rule.name == "file_path" || rule.name == "created_at")
        continue; // the web tier's own
      auto target = quoted_name(x.name);
      auto value = values_.value(rule, x,
                                 rule.name == "status" ? chain : ours(rule));
      if (rule.name == "processed_at")
        value = "CASE WHEN d.processed_at IS NULL THEN a." + target + " ELSE "
                + value + " END";
      sets += (sets.empty() ? "" : ", ") + target + " = " + value;
    }
    return "UPDATE " + name("images") + " AS a SET " + sets
           + " FROM images AS d WHERE d.id = CAST($1 AS TEXT) AND "
           + is_of_image("images");
  }

  std::string update(std::string_view table,
                     const std::vector<std::string_view>& by) const {
    std::string sets;
    for (const auto& [rule, x] : written(table))
      if (rule.name != "created_at")
        sets += (sets.empty() ? "" : ", ") + quoted_name(x.name) + " = "
                + values_.value(rule, x, ours(rule));
    return "UPDATE " + name(table) + " AS a SET " + sets + " FROM "
           + std::string{table} + " AS d WHERE d.image_id = CAST($1 AS TEXT) "
           + "AND " + is_of_image(table) + is_same(table, by);
  }

  std::string insert(std::string_view table) const {
    auto columns = column(table, "image_id");
    auto values = values_.key(*all_.find(table, "image_id"));
    const auto* id = all_.find(table, "id");
    if (id != nullptr
        && (id->kind == app_kind::text || id->kind == app_kind::uuid)) {
      columns += ", " + quoted_name(id->name);
      values += ", " + values_.new_id(*id);
    }
    for (const auto& [rule, x] : written(table)) {
      columns += ", " + quoted_name(x.name);
      values += ", " + values_.value(rule, x, ours(rule));
    }
    auto by = table == "image_variants"
                ? std::vector<std::string_view>{"variant_type", "format"}
                : std::vector<std::string_view>{};
    return "INSERT INTO " + name(table) + " (" + columns + ") SELECT " + values
           + " FROM " + std::string{table}
           + " AS d WHERE d.image_id = CAST($1 AS TEXT) AND EXISTS (SELECT 1 "
             "FROM "
           + name("images") + " AS a WHERE " + is_of_image("images")
           + ") AND NOT EXISTS (SELECT 1 FROM " + name(table) + " AS a WHERE "
           + is_of_image(table) + is_same(table, by) + ")";
  }

  std::string drop_variants() const {
    if (all_.find("image_variants", "file_path") == nullptr)
      return {};
    auto path = "a." + column("image_variants", "file_path");
    return "DELETE FROM " + name("image_variants") + " AS a WHERE "
           + is_of_image("image_variants") + " AND substr(" + path
           + ", 1, length(CAST($2 AS TEXT))) = CAST($2 AS TEXT) AND NOT EXISTS "
             "(SELECT 1 FROM image_variants AS d WHERE d.image_id = "
             "CAST($1 AS TEXT)"
           + is_same("image_variants", {"variant_type", "format"}) + ")";
  }

  std::string add_image() const {
    auto columns = column("images", "id");
    auto values = values_.key(*all_.find("images", "id"));
    for (const auto& [rule, x] : written("images")) {
      if (rule.name == "error" || rule.name == "processed_at")
        continue;
      columns += ", " + quoted_name(x.name);
      values += ", " + values_.value(rule, x, ours(rule));
    }
    return "INSERT INTO " + name("images") + " (" + columns + ") SELECT "
           + values + " FROM images AS d WHERE d.id = CAST($1 AS TEXT)";
  }

  const app_tables& all_;
  app_values values_;
};

} // namespace

app_sql make_app_sql(const app_tables& all) {
  return writer{all}.make();
}

} // namespace darkroom
