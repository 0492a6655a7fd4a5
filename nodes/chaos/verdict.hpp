/// A chaos run's verdict, for people and for programs.
#pragma once

#include "nodes/chaos/account.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace darkroom {

/// How a run ended.
struct chaos_outcome {
  uint64_t seed = 0;
  std::string stopped_by; ///< who ended it early; empty = its time was up
  chaos_verdict verdict;
  std::vector<std::string> skipped; ///< actions that were not done, and why
  std::vector<std::string> missing; ///< workers that did not come back in time

  /// No job is lost, and each victim came back.
  bool is_good() const {
    return verdict.is_good() && missing.empty();
  }
};

/// {"verdict": "ok" or "broken", "seed", "jobs": {…}, "actions": {…},
/// "recoveryMs": {…}, …}
nlohmann::json to_json(const chaos_outcome& x);

/// The same, one line per fact.
std::vector<std::string> to_lines(const chaos_outcome& x);

} // namespace darkroom
