/// Bugs that are put in on purpose, to test that the checks find them. Each is
/// at a seam of the simulation; the product does not know them.
#pragma once

#include "sim/main_lease_model.hpp"
#include "sim/network.hpp"
#include "sim/queue_model.hpp"

#include <optional>
#include <string>
#include <vector>

namespace darkroom::sim {

enum class bug : uint8_t {
  none,
  any_attempt,     ///< a settlement of an older run is accepted
  lost_return,     ///< a job that was given back is in no state
  counted_return,  ///< … counts as an attempt
  open_window,     ///< the record of starts is forgotten
  doubled_chain,   ///< a repeated settlement adds its chained jobs again
  reaped_runs,     ///< a reap also gives back running jobs
  two_mains,       ///< an older fence passes
  unlocked_claim,  ///< a claim sets no lock, so leases differ from runs
  dropped_results, ///< results kept without a main node are dropped
  open_refusal,    ///< a job whose image a newer one owns is given back
};

struct bug_entry {
  bug value;
  const char* name; ///< for `--bug`
  const char* text;
};

/// All but `none`.
const std::vector<bug_entry>& all_bugs();

std::optional<bug> find_bug(const std::string& name);

// -- the seams; each does nothing without its bug
void spoil_step(bug which, store_step& what, queue_model& queue);
void spoil_reply(bug which, const store_step& what, const store_reply& reply,
                 queue_model& queue, int64_t now);
void spoil_reap(bug which, struct return_orphans& what);
bool passes_fence(bug which, const main_lease_model& lease, uint64_t fence);
commit_status spoil_refusal(bug which, commit_status how);
network::filter spoil_network(bug which);

} // namespace darkroom::sim
