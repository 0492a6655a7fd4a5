/// Results of jobs that cannot be settled yet, and failures that the CATALOG
/// does not know yet, without any messages.
#pragma once

#include "messages/interfaces.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// A result waits here until the updates of its job are stored, and then until
/// the CATALOG has taken its rows. Not thread-safe; belongs to one DISPATCHER.
class kept_results {
public:
  // -- results that came before the updates of their jobs are stored

  /// @param key of the job's lease
  void keep_early(const std::string& key, outcome result);

  /// Hands out the early result of this lease, if it has one.
  std::optional<outcome> take_early(const std::string& key);

  // -- results whose rows the CATALOG has to take

  /// The CATALOG is asked to take a result's rows. Each call is followed by
  /// one of the two below.
  void begin_commit();

  /// The CATALOG answered.
  void end_commit();

  /// The CATALOG did not answer: it died, is late or away. The result is not
  /// kept: `keep_uncommitted` does that.
  void lose_commit();

  void keep_uncommitted(outcome result);

  /// Hands out the results without an answer, to be committed again or to be
  /// given back.
  std::vector<outcome> take_uncommitted();

  /// Whether results wait for a CATALOG that is away: then no more are to be
  /// made. A single commit without an answer does not count, because the cause
  /// may be its own image.
  bool are_held_up() const;

  // -- failures that the CATALOG is told

  /// The CATALOG is told of a failure. Each call is followed by `end_note`,
  /// after `keep_untold` if it did not answer.
  void begin_note();
  void end_note();
  void keep_untold(part_note what);
  std::vector<part_note> take_untold();

  /// Whether the CATALOG knows all failures.
  bool is_all_told() const;

private:
  std::map<std::string, outcome> early_; ///< by the lease's key

  size_t committing_ = 0; ///< results that the CATALOG is being asked to take
  std::vector<outcome> uncommitted_;
  bool is_catalog_away_ = false; ///< it did not answer the last commit

  size_t telling_ = 0; ///< failures that the CATALOG is being told
  std::vector<part_note> untold_;
};

} // namespace darkroom
