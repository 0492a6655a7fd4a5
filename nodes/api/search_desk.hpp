/// Where a search asks before it calls a provider, and tells afterwards.
#pragma once

#include "nodes/node_context.hpp"
#include "services/provider/provider_desk.hpp"

#include <string>

namespace darkroom {

/// Asks the DISPATCHER of this process, so that searches count for the same
/// limits and budget as jobs, and learn from the same breakers. Unlike a job, a
/// search never waits for a permit. For one query. Blocks for at most
/// `actor_timeout` per question.
class search_desk : public provider_desk {
public:
  /// @param node must outlive the desk
  explicit search_desk(node_context& node);

  /// @returns ec::throttled if no call may be made now, and why;
  ///   ec::timed_out if the dispatcher does not answer, or too late
  result<provider_permit> book(provider_query query) override;
  void report(provider_report what) override;

private:
  void give_back(const provider_query& query);

  node_context& node_;
  std::string token_; ///< names this query
};

} // namespace darkroom
