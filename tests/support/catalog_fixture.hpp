/// A new catalog with its reader, and commits to write into it.
#pragma once

#include "services/catalog/catalog.hpp"
#include "services/catalog/catalog_reader.hpp"
#include "tests/support/catalog_place.hpp"
#include "tests/support/must.hpp"

#include <utility>

namespace darkroom {

/// @tparam Place of the catalog, see catalog_place.hpp
template <class Place>
struct catalog_fixture {
  static constexpr const char* id = "image-1";
  static constexpr const char* path = "2026/cat.jpg";

  image_record image() {
    return must(reader.image(id));
  }

  /// The image's description in the catalog; empty if there is none.
  std::string description() {
    auto found = image();
    return found.metadata ? found.metadata->description : "";
  }

  /// Begins a part and returns the call's result.
  status begin(const attempt_stamp& stamp, image_part part) {
    return db.begin_part(stamp, id, path, part, ++now);
  }

  status commit(const image_commit& rows) {
    return db.commit(rows, ++now, {});
  }

  static image_commit metadata(const attempt_stamp& stamp,
                               const std::string& description) {
    image_commit rows{stamp, id, path, image_part::metadata, {}, {}, {}, {}};
    rows.metadata.push_back({description,
                             "A red bicycle at a wall.",
                             {"bicycle", "red"},
                             {"street"},
                             {"bicycle"},
                             R"({"dominant":["#ff0000"]})",
                             "calm",
                             "photo",
                             R"({"orientation":"landscape"})",
                             "red bicycle",
                             "local-opencv-1",
                             5});
    return rows;
  }

  static image_commit variants(const attempt_stamp& stamp, uint64_t bytes) {
    image_commit rows{stamp, id, path, image_part::variants, {}, {}, {}, {}};
    for (auto [type, width] : {std::pair{"sm", 640u}, std::pair{"md", 1024u},
                               std::pair{"lg", 1920u}})
      for (auto format : {"webp", "avif"})
        rows.variants.push_back({type, format, width, width / 2, bytes,
                                 std::string("v/") + type + "." + format});
    return rows;
  }

  static image_commit embedding(const attempt_stamp& stamp,
                                std::vector<float> vector) {
    image_commit rows{stamp, id, path, image_part::embedding, {}, {}, {}, {}};
    rows.embedding.push_back({"local-ngram-1", std::move(vector), "cat.jpg",
                              "cat", "red bicycle", "{}"});
    return rows;
  }

  int64_t now = 1000; ///< ms; advances with each call
  Place place;
  catalog_settings cfg = place.settings;
  catalog db = must(catalog::open(cfg));
  catalog_reader reader = must(catalog_reader::open(cfg));
};

} // namespace darkroom
