// The part of s3_storage that finds and removes objects.
#include "services/storage/names.hpp"
#include "services/storage/s3_storage.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace darkroom {

namespace {

constexpr uint64_t keys_per_page = 1000; // the most that a server gives

bool is_among(const std::string& name, const std::vector<std::string>& list) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

/// Asks for page after page.
class bucket_walk final : public file_walk {
public:
  explicit bucket_walk(s3_bucket bucket) : bucket_(std::move(bucket)) {}

  result<std::vector<found_file>> next(uint64_t most) override {
    std::vector<found_file> out;
    while (out.size() < most && at_ < folders.size()) {
      auto page = bucket_.list(folders[at_], token_, most - out.size());
      if (!page)
        return std::move(page.error());
      for (auto& x : page->objects)
        out.push_back({std::move(x.key), x.changed_at});
      token_ = std::move(page->next);
      if (token_.empty())
        ++at_;
    }
    if (out.empty())
      at_ = 0;
    return out;
  }

private:
  static constexpr std::array<const char*, 2> folders{"originals/",
                                                      "variants/"};

  s3_bucket bucket_;
  size_t at_ = 0; ///< of the folder
  std::string token_;
};

} // namespace

template <class Predicate>
status s3_storage::remove_matching(const std::string& image_id,
                                   Predicate is_wanted) const {
  auto folder = variant_folder(image_id) + '/';
  std::string token;
  do {
    auto page = bucket_.list(folder, token, keys_per_page);
    if (!page)
      return std::move(page.error());
    for (const auto& x : page->objects)
      if (is_wanted(x.key))
        if (auto removed = bucket_.remove(x.key); !removed)
          return removed;
    token = std::move(page->next);
  } while (!token.empty());
  return ok;
}

status s3_storage::remove_attempt(const std::string& image_id,
                                  const attempt_stamp& stamp) const {
  return remove_matching(image_id, [&stamp](const auto& key) {
    return is_of_attempt(key, stamp);
  });
}

status s3_storage::keep_only(const std::string&,
                             const std::vector<staged_file>&) const {
  return ok;
}

status s3_storage::remove_up_to(const std::string& image_id,
                                const attempt_stamp& stamp,
                                const std::vector<std::string>& in_use) const {
  return remove_matching(image_id, [&](const auto& key) {
    return is_of_attempt_up_to(key, stamp) && !is_among(key, in_use);
  });
}

status s3_storage::discard(const staged_file& file) const {
  return is_attempt_name(file.staged) ? bucket_.remove(file.staged) : ok;
}

status s3_storage::remove_image(const std::string& image_id,
                                const std::vector<std::string>& originals,
                                const std::vector<std::string>& kept) const {
  if (!image_id.empty()) {
    auto is_free = [&](const auto& key) {
      return !is_among(key, kept);
    };
    if (auto done = remove_matching(image_id, is_free); !done)
      return done;
  }
  for (const auto& x : originals)
    if (auto key = real_name(x); key && !is_ours(*key))
      if (auto removed = bucket_.remove(*key); !removed)
        return removed;
  return ok;
}

result<std::optional<found_file>>
s3_storage::find(const std::string& name) const {
  auto found = bucket_.head(name);
  if (found)
    return std::optional{found_file{name, found->changed_at}};
  if (found.error().code == ec::not_found)
    return std::optional<found_file>{};
  return std::move(found.error());
}

bool s3_storage::is_gone(const std::string& name) const {
  auto key = real_name(name);
  if (!key)
    return true; // no object of ours can have this name
  auto found = bucket_.head(*key);
  return !found && found.error().code == ec::not_found;
}

result<bool> s3_storage::is_empty() const {
  auto page = bucket_.list({}, {}, keys_per_page);
  if (!page)
    return std::move(page.error());
  // A mark is no picture: main nodes leave theirs in an empty bucket, too.
  return page->next.empty()
         && std::all_of(page->objects.begin(), page->objects.end(),
                        [](const auto& x) { return is_main_mark(x.key); });
}

std::unique_ptr<file_walk> s3_storage::walk() const {
  return std::make_unique<bucket_walk>(bucket_);
}

status s3_storage::put_away(const std::string& name, bool is_deleted) const {
  if (!is_deleted)
    if (auto copied = bucket_.copy(name, "lost/" + name); !copied)
      return copied;
  return bucket_.remove(name);
}

} // namespace darkroom
