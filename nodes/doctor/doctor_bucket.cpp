/// `darkroom doctor`: what a node may do in its bucket.
#include "nodes/doctor/doctor.hpp"
#include "services/random/random_id.hpp"
#include "services/s3/s3_bucket.hpp"
#include "services/storage/original_file.hpp"

#include <utility>

namespace darkroom {

namespace {

/// Puts, gets, lists and deletes a small object.
status try_bucket(const s3_bucket& bucket) {
  const std::string bytes = "darkroom doctor";
  auto key = ".doctor-" + random_id();
  auto file = original_file::make_private(key);
  if (!file)
    return std::move(file.error());
  if (auto done = bucket.put(key, bytes, "text/plain"); !done)
    return done;
  auto got = bucket.get(key, file->descriptor(), bytes.size(), nullptr);
  auto page = bucket.list(key, {}, 1);
  auto removed = bucket.remove(key);
  if (!got)
    return std::move(got.error());
  if (!page)
    return std::move(page.error());
  return removed;
}

} // namespace

findings check_bucket(storage_settings storage) {
  constexpr auto check = "bucket";
  storage.s3_attempts = 1; // a person waits
  auto bucket = s3_bucket::open(storage);
  if (!bucket)
    return {{check, health::fail, bucket.error().context,
             "correct [storage] s3_endpoint"}};
  if (auto done = try_bucket(*bucket); !done)
    return {{check, health::fail, done.error().context,
             "docs/storage.md says what nodes do in the bucket"}};
  return {
    {check, health::ok,
     "objects can be put, got, listed and deleted in " + bucket->describe(),
     ""}};
}

} // namespace darkroom
