#include "services/catalog/app_mirror.hpp"

#include "services/storage/names.hpp"

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

bool is_uuid(std::string_view text) {
  if (text.size() != 36)
    return false;
  for (size_t i = 0; i < text.size(); ++i) {
    auto is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    auto is_hex = (text[i] >= '0' && text[i] <= '9')
                  || (text[i] >= 'a' && text[i] <= 'f')
                  || (text[i] >= 'A' && text[i] <= 'F');
    if (is_dash ? text[i] != '-' : !is_hex)
      return false;
  }
  return true;
}

/// Whether it is written as a database writes it, and fits into 8 bytes.
bool is_count(std::string_view text) {
  return !text.empty() && text.size() <= 18
         && text.find_first_not_of("0123456789") == text.npos
         && (text.size() == 1 || text.front() != '0');
}

} // namespace

std::string describe(const std::vector<app_misfit>& all) {
  std::string out;
  for (const auto& x : all)
    out += (out.empty() ? "" : "; ") + x.what;
  return out;
}

status app_mirror::check(database& db) {
  auto loaded = load(db);
  if (!loaded && loaded.error().code == ec::catalog_unavailable)
    return ok;
  return loaded;
}

status app_mirror::load(database& db) {
  if (cfg_.tables != "adopt" || tables_)
    return ok;
  auto read = read_app_tables(db, cfg_);
  if (!read)
    return std::move(read.error());
  auto misfits = find_misfits(*read);
  if (!misfits.empty())
    return fail(ec::catalog_failed,
                "the web tier's tables cannot be adopted: " + describe(misfits)
                  + ". `darkroom doctor` says the SQL that would make them "
                    "fit; [catalog.names] names other tables and columns");
  sql_ = make_app_sql(*read);
  tables_ = std::make_shared<const app_tables>(std::move(*read));
  return ok;
}

/// Whether the web tier may have an image of this id.
bool app_mirror::is_for(const std::string& image_id) const {
  if (!tables_)
    return false;
  switch (tables_->find("images", "id")->kind) {
    case app_kind::uuid:
      return is_uuid(image_id);
    case app_kind::integer:
      return is_count(image_id);
    case app_kind::small:
      return is_count(image_id) && image_id.size() <= 9;
    default:
      return true;
  }
}

status app_mirror::run(database& db, const std::string& sql,
                       const std::string& image_id) {
  auto write = db.prepare(sql);
  if (!write)
    return std::move(write.error());
  return write->bind(image_id).run();
}

status app_mirror::put_status(database& db, const std::string& image_id) {
  if (auto loaded = load(db); !loaded || !is_for(image_id))
    return loaded;
  return run(db, sql_.put_status, image_id);
}

status app_mirror::put_part(database& db, const std::string& image_id,
                            image_part part) {
  if (auto loaded = load(db); !loaded || !is_for(image_id))
    return loaded;
  auto writes = part == image_part::metadata ? sql_.put_metadata
                : part == image_part::variants
                  ? sql_.put_variants
                  : std::vector{sql_.add_metadata, sql_.add_variants};
  for (const auto& sql : writes)
    if (auto done = run(db, sql, image_id); !done)
      return done;
  if (part != image_part::variants || sql_.drop_variants.empty())
    return ok;
  auto drop = db.prepare(sql_.drop_variants);
  if (!drop)
    return std::move(drop.error());
  return drop->bind(image_id, variant_folder(image_id) + '/').run();
}

status app_mirror::add_image(database& db, const std::string& image_id) {
  if (auto loaded = load(db); !loaded || !tables_)
    return loaded;
  auto refuse = [](const std::string& why) {
    return fail(ec::conflict, "the picture was not stored: " + why
                                + ": upload it to the web tier");
  };
  if (!is_for(image_id))
    return refuse("the web tier counts its images itself");
  for (const auto& x : tables_->table("images").columns) {
    auto is_filled = [&x, this](const char* name) {
      return tables_->find("images", name) == &x;
    };
    if (x.is_required && !x.has_default && !is_filled("id")
        && !is_filled("file_path") && !is_filled("status")
        && !is_filled("created_at") && !is_filled("updated_at"))
      return refuse("only the web tier knows the column '" + x.name
                    + "' of its images");
  }
  return run(db, sql_.add_image, image_id);
}

status app_mirror::remove(database& db, const std::string& image_id) {
  if (auto loaded = load(db); !loaded || !is_for(image_id))
    return loaded;
  for (const auto& sql : sql_.remove)
    if (auto done = run(db, sql, image_id); !done)
      return done;
  return ok;
}

} // namespace darkroom
