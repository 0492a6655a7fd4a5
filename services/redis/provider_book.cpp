#include "services/redis/provider_book.hpp"

#include <hiredis/hiredis.h>

#include <algorithm>

namespace darkroom {

provider_book::provider_book(const redis_settings& redis,
                             const queue_settings& queue)
  : connection_(redis),
    keys_(queue.prefix, queue.name) {}

result<std::vector<provider_state>> provider_book::providers() {
  auto known = connection_.call({"HGETALL", keys_.own() + "profiles"});
  if (!known)
    return std::move(known.error());
  std::vector<provider_state> out;
  for (size_t i = 0; i + 1 < (*known)->elements; i += 2) {
    provider_state x;
    x.id = text_in_reply(**known, i);
    x.resource = text_in_reply(**known, i + 1);
    auto record
      = connection_.call({"HMGET", keys_.own() + "provider:" + x.id, "known",
                          "until", "since", "rounds", "words"});
    if (!record)
      return std::move(record.error());
    x.has_answered = number_in_reply(**record, 0) == 1;
    x.resting_until = number_in_reply(**record, 1);
    x.resting_since = number_in_reply(**record, 2);
    x.rounds = static_cast<uint32_t>(number_in_reply(**record, 3));
    x.words = text_in_reply(**record, 4);
    auto learned = connection_.call({"GET", keys_.own() + "learned:" + x.id});
    if (!learned)
      return std::move(learned.error());
    x.learned = text_of(**learned);
    out.push_back(std::move(x));
  }
  std::sort(out.begin(), out.end(),
            [](const auto& a, const auto& b) { return a.id < b.id; });
  return out;
}

result<day_spending> provider_book::spent_on(const std::string& day) {
  auto record = connection_.call({"HGETALL", keys_.own() + "spent:" + day});
  if (!record)
    return std::move(record.error());
  day_spending out;
  for (size_t i = 0; i + 1 < (*record)->elements; i += 2)
    out[std::string{text_in_reply(**record, i)}] = static_cast<uint64_t>(
      std::max<int64_t>(0, number_in_reply(**record, i + 1)));
  return out;
}

} // namespace darkroom
