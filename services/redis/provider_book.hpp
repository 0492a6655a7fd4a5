/// What Redis knows about providers and about what their calls took.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/redis/connection.hpp"
#include "services/redis/keys.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace darkroom {

/// A provider that jobs have called within the last day.
struct provider_state {
  std::string id;       ///< see `profile_id`
  std::string resource; ///< "vision" or "embedding"
  bool has_answered = false;
  int64_t resting_until = 0; ///< ms; 0 = it works
  int64_t resting_since = 0; ///< ms
  uint32_t rounds = 0;       ///< how often it has refused in a row
  std::string words;         ///< why it rests: its own words
  std::string learned;       ///< how it wants to be asked, JSON; may be empty
};

/// What calls took on one day, by "<resource>.requests", ".tokens", ".money"
/// (millionths), where the resource "total" stands for all.
using day_spending = std::map<std::string, uint64_t>;

/// Reads the records of book_call.lua and report_call.lua. Not thread-safe: one
/// connection. Every call blocks.
class provider_book {
public:
  provider_book(const redis_settings& redis, const queue_settings& queue);

  /// All providers, in the order of their ids.
  result<std::vector<provider_state>> providers();

  /// @param day "2026-11-29", of the last eight
  result<day_spending> spent_on(const std::string& day);

private:
  redis_connection connection_;
  queue_keys keys_;
};

} // namespace darkroom
