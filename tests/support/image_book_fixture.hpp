/// A new catalog with its book of images, its writer and its reader.
#pragma once

#include "services/catalog/image_book.hpp"
#include "tests/support/catalog_fixture.hpp"

#include <string>
#include <utility>
#include <vector>

namespace darkroom {

/// @tparam Place where the catalog is
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

  /// Uploads; the answer names the first image.
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

  size_t waiting(int64_t until = 1'000'000'000) {
    return must(book.outbox(until, 100)).size();
  }

  int64_t total() {
    return must(base::reader.list_images(10, 0)).total;
  }

  status publishing = ok; ///< how giving files their names goes
  image_book book = must(image_book::open(base::cfg));
};

} // namespace darkroom
