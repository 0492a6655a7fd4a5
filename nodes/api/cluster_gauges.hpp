/// Measures the queue, the actors and the nodes, by asking Redis and actors.
#pragma once

#include "messages/interfaces.hpp"
#include "nodes/node_context.hpp"
#include "services/redis/job_queue.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace darkroom {

/// Not thread-safe: one connection.
class cluster_gauges {
public:
  /// @param node must outlive the gauges; its `counted` gets the values
  explicit cluster_gauges(node_context& node);

  /// Blocks until Redis and the actors answer, up to their time limits.
  void measure();

private:
  void measure_queue();
  void measure_counts();
  void measure_homeless();
  void measure_work();
  void measure_nodes();
  void measure_actors(const std::string& node, const child_list& list);

  node_context& node_;
  job_queue queue_;
  const metrics::labels of_queue_; ///< its name
  std::set<std::string> nodes_;    ///< nodes whose actors have metrics
  /// Jobs without a node, by type. A type that was seen once stays, with 0,
  /// because its series would otherwise keep the last value.
  std::map<std::string, uint64_t> homeless_;
};

} // namespace darkroom
