#include "services/catalog/image_files.hpp"

#include "services/catalog/each_row.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

namespace darkroom {

namespace {

/// Rows that are looked up between two transactions.
constexpr int64_t look_page = 500;

/// A row whose files were never looked up.
struct unknown_row {
  std::string id;
  std::string file_path;
  std::string upload_path;
};

/// @returns an empty name if no such file can exist
result<std::string> real_name(const real_name_of& look,
                              const std::string& path) {
  if (path.empty())
    return std::string{};
  auto name = look(path);
  if (!name
      && (name.error().code == ec::forbidden_path
          || name.error().code == ec::bad_input))
    return std::string{};
  return name;
}

result<std::vector<unknown_row>>
unknown_rows(database& db, const std::string& after, int64_t limit) {
  auto query = db.prepare("SELECT id, file_path, upload_path FROM images "
                          "WHERE real_path IS NULL AND id > $1 "
                          "ORDER BY id LIMIT $2");
  if (!query)
    return std::move(query.error());
  query->bind(after, limit);
  std::vector<unknown_row> rows;
  auto take = [&] {
    rows.push_back({std::string{query->text(0)}, std::string{query->text(1)},
                    std::string{query->text(2)}});
  };
  if (auto done = each_row(*query, take); !done)
    return std::move(done.error());
  return rows;
}

/// Rows whose file cannot be looked up now stay unknown.
status note_names(database& db, const std::vector<unknown_row>& rows,
                  const real_name_of& look) {
  std::vector<std::pair<result<std::string>, result<std::string>>> names;
  names.reserve(rows.size());
  for (const auto& x : rows)
    names.emplace_back(real_name(look, x.file_path),
                       real_name(look, x.upload_path));
  auto step = transaction::begin(db);
  if (!step)
    return std::move(step.error());
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!names[i].first || !names[i].second)
      continue;
    auto update = db.prepare(
      "UPDATE images SET real_path = $1, real_upload_path = $2 "
      "WHERE id = $3 AND file_path = $4");
    if (!update)
      return std::move(update.error());
    if (auto done = update
                      ->bind(*names[i].first, *names[i].second, rows[i].id,
                             rows[i].file_path)
                      .run();
        !done)
      return done;
  }
  return step->commit();
}

/// The name without detours, made without a look at the disk.
std::string plain_name(const std::string& path) {
  return std::filesystem::path{path}.lexically_normal().string();
}

/// The names in rows that `look_up_files` has not seen.
result<std::vector<std::string>> names_of_unknown(database& db,
                                                  const real_name_of& look) {
  std::vector<std::string> names;
  std::string after;
  for (;;) {
    auto rows = unknown_rows(db, after, look_page);
    if (!rows)
      return std::move(rows.error());
    for (const auto& x : *rows)
      for (const auto& path : {x.file_path, x.upload_path}) {
        auto name = real_name(look, path);
        names.push_back(name ? *name : plain_name(path));
      }
    if (rows->size() < look_page)
      return names;
    after = rows->back().id;
  }
}

result<bool> has_owner(database& db, const std::string& name) {
  auto query = db.prepare("SELECT 1 FROM images WHERE real_path = $1 "
                          "OR real_upload_path = $1 LIMIT 1");
  if (!query)
    return std::move(query.error());
  return query->bind(name).step();
}

result<std::vector<std::string>> names_in(database& db,
                                          const std::string& folder) {
  // '0' is the character after '/'.
  auto query = db.prepare("SELECT real_path FROM images "
                          "WHERE real_path >= $1 AND real_path < $2");
  if (!query)
    return std::move(query.error());
  query->bind(folder + '/', folder + '0');
  std::vector<std::string> names;
  auto take = [&] {
    names.emplace_back(query->text(0));
  };
  if (auto done = each_row(*query, take); !done)
    return std::move(done.error());
  return names;
}

} // namespace

status look_up_files(database& db, const real_name_of& look) {
  std::string after;
  for (;;) {
    auto rows = unknown_rows(db, after, look_page);
    if (!rows)
      return std::move(rows.error());
    if (rows->empty())
      return ok;
    if (auto done = note_names(db, *rows, look); !done)
      return done;
    after = rows->back().id;
  }
}

result<image_files> find_free_files(database& db, const real_name_of& look,
                                    const std::vector<std::string>& paths,
                                    const std::string& folder) {
  auto unknown = names_of_unknown(db, look);
  if (!unknown)
    return std::move(unknown.error());
  image_files out;
  for (const auto& path : paths) {
    auto name = real_name(look, path);
    if (!name)
      return std::move(name.error());
    auto owned = has_owner(db, *name);
    if (!owned)
      return std::move(owned.error());
    auto is_seen = [&name = *name](const std::vector<std::string>& among) {
      return std::find(among.begin(), among.end(), name) != among.end();
    };
    if (!name->empty() && !*owned && !is_seen(*unknown) && !is_seen(out.free))
      out.free.push_back(*name);
  }
  auto inside = names_in(db, folder);
  if (!inside)
    return std::move(inside.error());
  out.kept = std::move(*inside);
  for (auto& x : *unknown)
    if (x.compare(0, folder.size() + 1, folder + '/') == 0)
      out.kept.push_back(std::move(x));
  return out;
}

status forget_bytes(database& db, const std::string& image_id) {
  auto forget = db.prepare("DELETE FROM image_bytes WHERE image_id = $1");
  if (!forget)
    return std::move(forget.error());
  return forget->bind(image_id).run();
}

} // namespace darkroom
