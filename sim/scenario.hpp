/// What a seed's dice decide before the play begins.
#pragma once

#include "config/settings.hpp"
#include "sim/dice.hpp"

#include <cstdint>
#include <optional>

namespace darkroom::sim {

struct scenario {
  /// The times of a play.
  static constexpr seconds calm_start{1}; ///< no fault before
  static constexpr seconds heal_at{24};   ///< no fault after
  static constexpr seconds last_add{53};
  /// All jobs must end within this time after `last_add`.
  static constexpr seconds patience{150};
  /// The effects of a fault are over after this time: time to take over and to
  /// adopt (5 s each), and a store's time limit (15 s).
  static constexpr seconds aftermath{26};

  uint32_t workers = 2;
  uint32_t jobs = 100;
  bool has_standby = true;
  settings config;
  microseconds fault_pause{0}; ///< mean time between two faults; 0: no faults
};

/// @param jobs  none: random
scenario draw_scenario(dice& random, std::optional<uint32_t> jobs);

} // namespace darkroom::sim
