/// The books of a simulation. They record, apart from the cluster that they
/// judge, which jobs were added, claimed, run, settled and stored. Each entry
/// is checked at once.
#pragma once

#include "messages/records.hpp"
#include "sim/queue_model.hpp"
#include "sim/stage.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace darkroom::sim {

class ledger {
public:
  /// `queue` must outlive it.
  ledger(stage& on, const queue_model& queue);

  /// A job store's step was done.
  void stepped(const store_step& what, const store_reply& reply, int64_t now);

  /// These jobs were given back because nobody runs them.
  void reaped(const std::vector<std::string>& running,
              const std::vector<std::string>& returned);

  /// Something else changed the queue.
  void changed();

  /// A run of a job began in a pool with `slots` slots, and ended.
  void began(caf::actor_id pool, const job& work, uint32_t slots);
  void ended(caf::actor_id pool, const job& work);
  /// A run reports that the job itself failed.
  void failed(const job& work);

  /// The catalog stored a job's rows.
  void stored(const std::string& image_id, const attempt_stamp& stamp);
  /// The catalog refused a job's rows.
  void refused(const attempt_stamp& stamp);

  /// Whether all jobs have ended.
  bool is_over() const;

  /// Checks what must hold once all jobs have ended.
  void close();

  /// The runs (lease keys) under way in a pool.
  const std::set<std::string>& runs_of(caf::actor_id pool) {
    return runs_[pool];
  }

private:
  struct account {
    std::string token;     ///< of the newest claim
    uint32_t attempts = 0; ///< that may be counted
    uint32_t completions = 0;
    uint32_t rows_attempt = 0; ///< of the newest rows in the catalog
    uint32_t refusals = 0;     ///< of its rows, by the catalog
  };

  void note_new_jobs();
  void note_start(int64_t sent);
  void note_settled(const settlement& x);
  void check_attempt(const settlement& x);
  void check_rows(const settlement& x);
  bool has_newer(const std::string& id) const;
  void check_states(bool is_thorough);

  stage& stage_;
  const queue_model& queue_;
  std::map<std::string, account> accounts_;   ///< by job id
  std::map<std::string, attempt_stamp> rows_; ///< the newest, by image
  std::map<std::string, uint32_t> children_;  ///< by their parent's label
  std::set<std::string> parents_;             ///< labels of those completed
  std::map<caf::actor_id, std::set<std::string>> runs_; ///< by pool
  std::set<std::string> failed_runs_;                   ///< lease keys
  std::vector<int64_t> starts_; ///< ms; when their claims were sent
  uint64_t known_jobs_ = 0;
  uint64_t changes_ = 0;
};

/// The label of a `chain` job, which its chained job inherits.
std::string label_in(const std::string& data);

} // namespace darkroom::sim
