#include "services/fsck/fsck_stores.hpp"

#include "services/redis/keys.hpp"

#include <filesystem>
#include <utility>

namespace darkroom {

namespace fs = std::filesystem;

namespace {

/// The uploads folder, unless it is missing or empty: the place where a disk is
/// to be mounted looks like that, and all files would count as gone.
result<local_storage> storage_of(const std::string& root) {
  std::error_code why;
  auto is_there = fs::is_directory(root, why);
  if (!is_there || fs::is_empty(root, why) || why)
    return fail(ec::storage_failed,
                "the uploads folder '" + root + "' is "
                  + (is_there ? "empty" : "not there")
                  + ", so no file was compared: is its disk mounted?");
  return local_storage::open(root);
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
  auto opened = storage_of(config.storage.uploads);
  if (opened)
    storage.emplace(std::move(*opened));
  else
    no_storage = opened.error().context;
}

bool fsck_stores::is_gone(const std::string& name) const {
  auto path = storage->resolve(name);
  if (!path) // no file can have this name, or the disk does not say
    return path.error().code == ec::forbidden_path
           || path.error().code == ec::bad_input;
  std::error_code why;
  auto found = fs::status(*path, why).type();
  return found != fs::file_type::regular && found != fs::file_type::none
         && found != fs::file_type::unknown;
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
