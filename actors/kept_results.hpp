/// Results of jobs that cannot be settled yet, and failures that the CATALOG
/// does not know yet. Sends no messages.
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
  // -- results that came before their jobs' updates were stored

  /// @param key of the job's lease
  void keep_early(const std::string& key, outcome result);

  /// Hands out the early result of this lease, if there is one.
  std::optional<outcome> take_early(const std::string& key);

  // -- results whose rows the CATALOG must take

  /// Call it when the CATALOG is asked to take a result's rows, and later one
  /// of the next two.
  void begin_commit();

  /// The CATALOG answered.
  void end_commit();

  /// The CATALOG did not answer: it died, is late or is down. This does not
  /// keep the result; `keep_uncommitted` does.
  void lose_commit();

  void keep_uncommitted(outcome result);

  /// Hands out the results without an answer. They must be committed again or
  /// given back.
  std::vector<outcome> take_uncommitted();

  /// Whether results wait for a CATALOG that is down; then no new jobs may
  /// start. A single commit without an answer does not count, because its own
  /// image may be the cause.
  bool are_held_up() const;

  // -- failures that the CATALOG is told

  /// Call it when the CATALOG is told of a failure. Later call `end_note`, and
  /// before that `keep_untold` if the CATALOG did not answer.
  void begin_note();
  void end_note();
  void keep_untold(part_note what);
  std::vector<part_note> take_untold();

  /// Whether the CATALOG knows all failures.
  bool is_all_told() const;

private:
  std::map<std::string, outcome> early_; ///< by the lease's key

  size_t committing_ = 0; ///< results that the CATALOG has not answered yet
  std::vector<outcome> uncommitted_;
  bool is_catalog_away_ = false; ///< it did not answer the last commit

  size_t telling_ = 0; ///< failures that it has not answered yet
  std::vector<part_note> untold_;
};

} // namespace darkroom
