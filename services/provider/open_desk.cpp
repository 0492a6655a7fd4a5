#include "services/provider/open_desk.hpp"

#include <utility>

namespace darkroom {

namespace {

constexpr int64_t untold_rest_ms = 10000;   // quotas count per minute
constexpr int64_t unusable_rest_ms = 30000; // until somebody has mended it

} // namespace

result<provider_permit> open_desk::book(provider_query query) {
  for (uint32_t i = 0; i < query.profiles.size(); ++i)
    if (left_out_.count(query.profiles[i]) == 0) {
      provider_permit out;
      out.provider = i;
      return out;
    }
  auto is_unusable = last_.end == call_end::unusable;
  auto rest = last_.wait_ms > 0 ? last_.wait_ms
              : is_unusable     ? unusable_rest_ms
                                : untold_rest_ms;
  return error{ec::throttled,
               (is_unusable ? "the provider is not usable: "
                            : "the provider asks to wait: ")
                 + last_.words,
               rest};
}

void open_desk::report(provider_report what) {
  if (what.end != call_end::unusable && what.end != call_end::throttled)
    return;
  left_out_.insert(what.profile_id);
  last_ = std::move(what);
}

} // namespace darkroom
