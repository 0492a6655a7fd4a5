/// Decides what a refusal means for the job and for the provider.
#pragma once

#include "messages/provider_call.hpp"
#include "services/provider/provider_refusal.hpp"

#include <cstdint>

namespace darkroom {

struct verdict {
  call_end end = call_end::refused; ///< refused, unusable, throttled, transient
  bool may_adapt = false;    ///< a request in another form may be accepted
  bool is_too_large = false; ///< a smaller picture may be accepted
};

/// Usual cases: 400, 413, 422, 451 and content filters are `refused`; 401, 402,
/// 403, 404, a used up quota, and a model that sees no pictures `unusable`;
/// 429, 503, 529 and other 5xx with a hint `throttled`; all that may pass by
/// itself `transient`. Words of the error come before its status, because
/// providers use the same status for different things.
/// @param hint_ms see `retry_hint`
verdict classify(const provider_refusal& refusal, int64_t hint_ms);

/// What the operator can do about an unusable provider: a text that begins with
/// "; ", or nothing.
const char* advice_for(const provider_refusal& refusal);

} // namespace darkroom
