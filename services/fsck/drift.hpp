/// The ways in which catalog, queue and files can contradict each other. To add
/// one, add an enumerator; the compiler then names the places that lack it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

enum class drift_class : uint8_t {
  stuck_processing,
  image_without_jobs,
  job_without_image,
  row_without_file,
  file_without_row,
  vector_without_row,
  row_without_image,
  part_without_rows,
  wrong_status,
  stuck_outbox,
  count_ ///< how many there are
};

/// What people are told about a class.
struct drift_words {
  const char* name;    ///< "stuck-processing": in flags, metrics and webhooks
  const char* meaning; ///< what is wrong, without a full stop
  const char* repair;  ///< what mends it, without a full stop
};

drift_words words_of(drift_class which);

const char* to_string(drift_class which);

/// One value per class; the index is the class's number.
template <class T>
using per_drift = std::array<T, static_cast<size_t>(drift_class::count_)>;

/// All classes in the order of their numbers.
per_drift<drift_class> all_drift_classes();

/// The class with this name; nothing for any other text.
std::optional<drift_class> to_drift_class(std::string_view name);

/// What was found of one class.
struct drift_count {
  uint64_t found = 0;
  uint64_t repaired = 0;
  std::vector<std::string> examples; ///< a few, one sentence each
  std::string trouble; ///< why one was not repaired; empty: no such one

  uint64_t left() const {
    return found - repaired;
  }
};

/// What a look has found.
struct drift_report {
  per_drift<drift_count> classes;
  uint64_t images = 0; ///< that were looked at
  uint64_t jobs = 0;
  uint64_t files = 0;
  /// Why files were not compared; empty: they were.
  std::string no_files;

  drift_count& at(drift_class which) {
    return classes[static_cast<size_t>(which)];
  }
  const drift_count& at(drift_class which) const {
    return classes[static_cast<size_t>(which)];
  }

  uint64_t left() const;
};

} // namespace darkroom
