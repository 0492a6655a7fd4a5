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
    image_metadata found;
    found.description = description;
    found.detailed_description = "A red bicycle at a wall.";
    found.tags = {"bicycle", "red"};
    found.categories = {"street"};
    found.objects = {"bicycle"};
    found.colors = R"({"dominant":["#ff0000"]})";
    found.mood = "calm";
    found.style = "photo";
    found.composition = R"({"orientation":"landscape"})";
    found.searchable_text = "red bicycle";
    found.model = "local-opencv-1";
    found.generated_at = 5;
    found.provider_rank = 1;
    found.prompt_version = "1";
    found.tokens_in = 100;
    found.tokens_out = 50;
    found.cost = 45;
    rows.metadata.push_back(std::move(found));
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

  /// Variants with marks of `bytes_hash` and `recipe_hash`.
  static image_commit marked(const attempt_stamp& stamp, uint32_t effort) {
    auto rows = variants(stamp, 9);
    rows.marks.push_back(
      {bytes_hash, recipe_hash, effort, "L0", "#102030", "00112233445566ff"});
    return rows;
  }

  static image_commit embedding(const attempt_stamp& stamp,
                                std::vector<float> vector) {
    image_commit rows{stamp, id, path, image_part::embedding, {}, {}, {}, {}};
    rows.embedding.push_back({"local-ngram-1", std::move(vector), "cat.jpg",
                              "cat", "red bicycle", "{}"});
    return rows;
  }

  static inline const std::string bytes_hash = std::string(64, 'b');
  static inline const std::string recipe_hash = std::string(64, 'a');

  int64_t now = 1000; ///< ms; advances with each call
  Place place;
  catalog_settings cfg = place.settings;
  catalog db = must(catalog::open(cfg));
  catalog_reader reader = must(catalog_reader::open(cfg));
};

} // namespace darkroom
