#include "services/storage/s3_storage.hpp"

#include "config/clock.hpp"
#include "services/http/file.hpp"
#include "services/storage/file_bytes.hpp"
#include "services/storage/local_storage.hpp"
#include "services/storage/names.hpp"
#include "services/storage/path_check.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace darkroom {

namespace {

constexpr size_t longest_key = 900; // bytes; S3 allows 1,024 with the prefix

std::string type_of(const std::string& name) {
  return std::string{media_type(name)};
}

} // namespace

result<s3_storage> s3_storage::open(const storage_settings& storage,
                                    uint64_t longest_original) {
  auto bucket = s3_bucket::open(storage);
  if (!bucket)
    return std::move(bucket.error());
  return s3_storage{storage, std::move(*bucket), longest_original};
}

s3_storage::s3_storage(const storage_settings& storage, s3_bucket bucket,
                       uint64_t longest_original)
  : uploads_(storage.uploads),
    bucket_(std::move(bucket)),
    longest_(longest_original) {}

const std::string& s3_storage::root() const {
  static const std::string none;
  return none;
}

status s3_storage::check_writable() const {
  return ok;
}

result<std::string> s3_storage::real_name(const std::string& name) const {
  if (auto sound = check_path(name); !sound)
    return std::move(sound.error());
  auto path = std::filesystem::path{name}.lexically_normal();
  if (path == "." || path.filename().empty())
    return forbidden_path(name, "names a folder");
  auto out = path.string();
  if (out.size() > longest_key)
    return fail(ec::bad_input, "no file can be named '" + name.substr(0, 60)
                                 + "…': the name has more than "
                                 + std::to_string(longest_key) + " bytes");
  return out;
}

status s3_storage::check_name(const std::string& name) const {
  auto key = real_name(name);
  if (!key)
    return std::move(key.error());
  return ok;
}

result<original_file> s3_storage::fetch(const std::string& name,
                                        const std::atomic<bool>* cancel) const {
  auto key = real_name(name);
  if (!key)
    return std::move(key.error());
  auto file = original_file::make_private(name);
  if (!file)
    return file;
  auto read = bucket_.get(*key, file->descriptor(), longest_, cancel);
  if (!read)
    return std::move(read.error());
  return file;
}

result<staged_file> s3_storage::stage(const std::string& final_name,
                                      const attempt_stamp& stamp,
                                      std::string_view bytes) const {
  auto key = attempt_name(final_name, stamp);
  if (auto done = bucket_.put(key, bytes, type_of(key)); !done)
    return std::move(done.error());
  return staged_file{key, key};
}

result<staged_file> s3_storage::stage_same(const std::string& final_name,
                                           const attempt_stamp&,
                                           const staged_file&) const {
  return fail(ec::storage_failed,
              "cannot link '" + final_name + "': a bucket has no links");
}

result<staged_file> s3_storage::stage_known(const std::string& final_name,
                                            const attempt_stamp& stamp,
                                            const std::string& known,
                                            uint64_t bytes) const {
  auto from = real_name(known);
  if (!from)
    return std::move(from.error());
  if (!is_variant(*from))
    return fail(ec::not_found, "'" + known + "' is no variant");
  auto there = bucket_.head(*from);
  if (!there)
    return std::move(there.error());
  if (there->size != bytes)
    return fail(ec::not_found, "there is no variant '" + known + "' of "
                                 + std::to_string(bytes) + " bytes");
  auto key = attempt_name(final_name, stamp);
  if (auto done = bucket_.copy(*from, key); !done)
    return std::move(done.error());
  return staged_file{key, key};
}

status s3_storage::add_original(const std::string& name,
                                std::string_view bytes) const {
  auto key = real_name(name);
  if (!key)
    return std::move(key.error());
  return bucket_.put(*key, bytes, type_of(*key));
}

result<local_storage> s3_storage::aside() const {
  return local_storage::open(uploads_);
}

bool s3_storage::writes_at_once() const {
  return true;
}

status s3_storage::publish(const staged_file& file) const {
  if (file.staged == file.final_name)
    return ok;
  auto folder = aside();
  if (!folder)
    return std::move(folder.error());
  auto path = folder->resolve(file.staged);
  if (!path)
    return std::move(path.error());
  auto bytes = file_bytes::open(*path);
  if (!bytes)
    return std::move(bytes.error());
  return add_original(file.final_name, bytes->view());
}

result<file_source> s3_storage::source_of(const std::string& name,
                                          bool is_head) const {
  auto key = real_name(name);
  if (!key)
    return std::move(key.error());
  return file_source{{},
                     bucket_.link(*key, is_head ? "HEAD" : "GET", type_of(*key),
                                  wall_clock_ms())};
}

} // namespace darkroom
