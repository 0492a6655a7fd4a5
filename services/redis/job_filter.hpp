/// Which jobs are meant, by what their hashes say.
#pragma once

#include "services/redis/stored_job.hpp"

#include <cstdint>
#include <memory>
#include <regex>
#include <string>

namespace darkroom {

/// An empty member does not filter.
class job_filter {
public:
  std::string name;       ///< the job's whole name
  std::string image_id;   ///< the member `imageId` of its data
  int64_t newer_than = 0; ///< ms; ended then or later; if unfinished: added
  int64_t older_than = 0; ///< ms; the same, then or before; 0 = until now

  /// Sets what the failure must contain, in any case.
  void set_part(const std::string& text);

  /// The same, or an expression, which may take very long to match: not for
  /// what strangers send.
  /// @param text a part of it, in any case; or "/regex/" (ECMAScript)
  /// @returns ec::bad_input, quoting an invalid expression
  status set_error(const std::string& text);

  /// Whether it filters by more than time.
  bool has_text() const;

  /// Whether it filters at all.
  bool is_set() const {
    return has_text() || newer_than > 0 || older_than > 0;
  }

  /// Whether name, image and failure match; not the times.
  bool fits(const stored_job& job) const;

  /// Whether the times match.
  bool fits_time(const stored_job& job) const;

private:
  bool fits_image(const stored_job& job) const;
  bool fits_error(const stored_job& job) const;

  std::string part_; ///< lower case
  std::shared_ptr<const std::regex> pattern_;
};

} // namespace darkroom
