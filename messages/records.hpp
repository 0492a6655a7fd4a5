/// What a job leaves behind in the catalog. All times are ms since the epoch.
#pragma once

#include "messages/image_part.hpp"
#include "messages/marks.hpp"
#include "messages/versioned.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// Names one run of one job. A later run has a larger `attempt`; a job that
/// reuses an id has a larger `job_timestamp`. The catalog and the storage
/// refuse writes with a stamp older than the newest one they have seen.
struct attempt_stamp {
  std::string job_id;
  int64_t job_timestamp = 0; ///< when the job was added
  uint32_t attempt = 0;      ///< how often it was claimed (BullMQ's `ats`)
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, attempt_stamp& x) {
  return versioned(f, "attempt_stamp", x, x.job_id, x.job_timestamp, x.attempt);
}

/// What a vision model says about a picture.
struct image_metadata {
  std::string description;
  std::string detailed_description;
  std::vector<std::string> tags;
  std::vector<std::string> categories;
  std::vector<std::string> objects;
  std::string colors; ///< JSON object; "dominant": array of "#rrggbb"
  std::string mood;
  std::string style;
  std::string composition; ///< JSON object
  std::string searchable_text;
  std::string model; ///< the model: "gpt-4o-mini", "local-opencv-1"
  int64_t generated_at = 0;
  uint32_t provider_rank = 0; ///< place in the list of providers; 0 = the first
  std::string prompt_version; ///< of the instructions; empty for local models
  uint64_t tokens_in = 0;     ///< that the provider counted for this answer
  uint64_t tokens_out = 0;
  uint64_t cost = 0; ///< millionths of the unit of the prices
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, image_metadata& x) {
  return versioned(f, "image_metadata", x, x.description,
                   x.detailed_description, x.tags, x.categories, x.objects,
                   x.colors, x.mood, x.style, x.composition, x.searchable_text,
                   x.model, x.generated_at, x.provider_rank, x.prompt_version,
                   x.tokens_in, x.tokens_out, x.cost);
}

/// One encoded size of a picture.
struct image_variant {
  std::string variant_type; ///< "lg", …: its name in [[variants]]
  std::string format;       ///< "webp", "avif" or "jpeg"
  uint32_t width = 0;       ///< pixels
  uint32_t height = 0;      ///< pixels
  uint64_t file_size = 0;   ///< bytes
  std::string file_path;    ///< final name, relative to the uploads folder
  /// How long the encoder took; 0 if this run did not encode it, or if another
  /// row of the run has the same file.
  uint32_t encode_ms = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, image_variant& x) {
  return versioned(f, "image_variant", x, x.variant_type, x.format, x.width,
                   x.height, x.file_size, x.file_path, x.encode_ms);
}

/// A picture's entry in the vector store. Host, model and length of the vector
/// are its space; vectors of different spaces are never compared.
struct image_embedding {
  std::string model;         ///< "local-use-lite-1"
  std::vector<float> vector; ///< L2 norm 1; 512 floats for the local models
  std::string name;
  std::string slug;
  std::string searchable_text;
  std::string
    metadata; ///< JSON {description,tags,categories,colors,mood,style}
  std::string host = {};      ///< the provider's, with its port; "local"
  std::string text_hash = {}; ///< SHA-256 of searchable_text, in hex
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, image_embedding& x) {
  return versioned(f, "image_embedding", x, x.model, x.vector, x.name, x.slug,
                   x.searchable_text, x.metadata, x.host, x.text_hash);
}

/// A file that is stored under a name of its attempt, and the final name that
/// it gets when the fence lets it pass. Both are relative to the uploads
/// folder.
struct staged_file {
  std::string staged;
  std::string final_name;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, staged_file& x) {
  return versioned(f, "staged_file", x, x.staged, x.final_name);
}

/// Everything that one finished job writes, in one transaction. Only the
/// members of the job's part are filled.
struct image_commit {
  attempt_stamp stamp;
  std::string image_id;
  std::string file_path; ///< of the original, relative to the uploads folder
  image_part part{};
  std::vector<image_metadata> metadata;   ///< none or one
  std::vector<image_variant> variants;    ///< of the part `variants`
  std::vector<image_embedding> embedding; ///< none or one
  std::vector<staged_file> files; ///< renamed once the fence passed them
  /// JSON to store with the part itself; empty: the stored value stays.
  std::string value = {};
  std::vector<image_marks> marks = {}; ///< none, or one with the variants
  bool is_reused = false;              ///< the files are those of another image
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, image_commit& x) {
  return versioned(f, "image_commit", x, x.stamp, x.image_id, x.file_path,
                   x.part, x.metadata, x.variants, x.embedding, x.files,
                   x.value, x.marks, x.is_reused);
}

} // namespace darkroom
