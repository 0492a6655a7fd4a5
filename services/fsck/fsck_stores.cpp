#include "services/fsck/fsck_stores.hpp"

#include "services/redis/keys.hpp"
#include "services/storage/open_storage.hpp"

#include <filesystem>
#include <utility>

namespace darkroom {

namespace fs = std::filesystem;

namespace {

/// @returns why files cannot be compared: all would count as gone
error no_files_in(const std::string& place, const char* what) {
  return fail(ec::storage_failed, place + " is " + what
                                    + ", so no file was compared: is its disk "
                                      "mounted?");
}

/// The storage, unless it is missing or empty: the place where a disk is to be
/// mounted looks like that.
result<std::unique_ptr<image_storage>> storage_of(const settings& config) {
  const auto& root = config.storage.uploads;
  auto is_folder = config.storage.kind == "folder";
  auto folder = "the uploads folder '" + root + '\'';
  std::error_code why;
  if (is_folder && !fs::is_directory(root, why)) // opening it would make it
    return no_files_in(folder, "not there");
  auto opened = open_storage(config.storage);
  if (!opened)
    return opened;
  auto is_empty = (*opened)->is_empty();
  if (!is_empty)
    return std::move(is_empty.error());
  if (*is_empty && is_folder)
    return no_files_in(folder, "empty");
  if (*is_empty)
    return fail(ec::storage_failed,
                "the bucket has no object below its prefix, so no file was "
                "compared: correct [storage] s3_bucket and s3_prefix");
  return opened;
}

} // namespace

result<std::unique_ptr<fsck_stores>>
fsck_stores::open(const settings& config, part_makers makers, bool repairs) {
  auto reader = catalog_reader::open(config.catalog); // makes no catalog
  if (!reader)
    return std::move(reader.error());
  auto audit = catalog_audit::open(config.catalog, repairs ? access::read_write
                                                           : access::read_only);
  if (!audit)
    return std::move(audit.error());
  auto out
    = std::make_unique<fsck_stores>(fsck_stores{config,
                                                std::move(makers),
                                                std::move(*audit),
                                                std::move(*reader),
                                                {},
                                                {},
                                                {},
                                                {},
                                                {},
                                                {config.redis, config.queue},
                                                {config.redis, config.queue},
                                                {config.redis, config.queue}});
  if (repairs) {
    auto writer = catalog::open(config.catalog);
    if (!writer)
      return std::move(writer.error());
    out->writer.emplace(std::move(*writer));
    auto keys = queue_keys{config.queue.prefix, config.queue.name};
    auto book = image_book::open(config.catalog, keys.base());
    if (!book)
      return std::move(book.error());
    out->book.emplace(std::move(*book));
  }
  out->look_for_storage();
  return out;
}

void fsck_stores::look_for_storage() {
  storage.reset();
  no_storage.clear();
  auto opened = storage_of(config);
  if (opened)
    storage = std::move(*opened);
  else
    no_storage = opened.error().context;
}

bool fsck_stores::is_gone(const std::string& name) const {
  return storage->is_gone(name);
}

result<unfinished_index> fsck_stores::unfinished() {
  auto found = census.queues();
  if (!found)
    return std::move(found.error());
  queues = std::move(*found);
  unfinished_index out;
  for (const auto& name : queues) {
    auto done = census.each(name, [&](queued_jobs& jobs) -> status {
      for (const auto& x : jobs)
        out.add(makers, x);
      return ok;
    });
    if (!done)
      return std::move(done.error());
  }
  return out;
}

} // namespace darkroom
