/// Makes things go wrong in a simulated cluster, at random times.
#pragma once

#include "sim/cluster.hpp"

namespace darkroom::sim {

class faults {
public:
  /// All arguments must outlive this object.
  faults(world in, cluster& nodes);

  void start();

  /// When the last fault ended; if it has no duration, when it happened.
  microseconds last() const {
    return last_;
  }

private:
  void next();
  void strike();
  void strike_network();
  void strike_redis();
  void give_order();
  microseconds draw(microseconds least, microseconds most);
  uint32_t a_worker();

  world in_;
  cluster& nodes_;
  microseconds last_{0};
};

} // namespace darkroom::sim
