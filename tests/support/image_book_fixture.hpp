/// A new catalog with its book of images, its writer and its reader.
#pragma once

#include "services/catalog/image_book.hpp"
#include "tests/support/catalog_fixture.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace darkroom {

/// @tparam Place of the catalog, see catalog_place.hpp
template <class Place>
struct image_book_fixture : catalog_fixture<Place> {
  using known_list = std::vector<std::optional<known_image>>;
  using base = catalog_fixture<Place>;

  /// An upload of one picture with one job, "<id>-metadata".
  static new_image picture(const std::string& id, const std::string& bytes) {
    new_image x;
    x.id = id;
    x.file_path = "originals/" + id + ".jpg";
    x.original_name = "cat.jpg";
    x.sha256 = bytes;
    new_job job;
    job.id = id + "-metadata";
    job.name = "generate-metadata";
    job.data = R"({"imageId":")" + id + R"("})";
    x.jobs.push_back(job);
    return x;
  }

  /// Uploads a batch; the answer names the first image.
  result<upload_outcome> upload(upload_batch batch, int64_t at = 1000) {
    auto first = batch.images.front().id;
    return book.add(
      batch, at, [this](const known_list&) { return publishing; },
      [first](const known_list& known) {
        return kept_answer{202, known[0] ? known[0]->id : first};
      });
  }

  static upload_batch batch(const std::string& id, const std::string& bytes,
                            const std::string& key = {}) {
    return {key, bytes, {picture(id, bytes)}};
  }

  static std::vector<new_job> jobs_of(image_book& from,
                                      int64_t until = 1'000'000'000) {
    std::vector<new_job> out;
    for (auto& x : must(from.outbox(until, 100)))
      out.insert(out.end(), x.jobs.begin(), x.jobs.end());
    return out;
  }

  size_t waiting(int64_t until = 1'000'000'000) {
    return jobs_of(book, until).size();
  }

  /// Resolves a name like the file system would, with `links` as its links.
  result<std::string> look(const std::string& name) {
    if (name.rfind("..", 0) == 0)
      return fail(ec::forbidden_path, "outside");
    if (name == broken)
      return fail(ec::storage_failed, "the disk hangs");
    auto plain = std::filesystem::path{name}.lexically_normal().string();
    auto link = links.find(plain);
    return link == links.end() ? plain : link->second;
  }

  result<deleted_image> remove(const std::string& id, int64_t at = 2000) {
    return book.remove(id, at, "variants/" + id,
                       [this](const std::string& x) { return look(x); });
  }

  /// Deletes an image. @returns which of its originals may be deleted
  std::vector<std::string> freed_by(const std::string& id) {
    return must(remove(id)).files.free;
  }

  int64_t total() {
    return must(base::reader.list_images(10, 0)).total;
  }

  std::map<std::string, std::string> links;
  std::string broken;     ///< a name whose lookup fails
  status publishing = ok; ///< result of giving files their names
  image_book book = must(image_book::open(base::cfg, "bull:a:"));
};

} // namespace darkroom
