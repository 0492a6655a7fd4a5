/// A desk for callers that neither a job nor the cluster stands behind, such as
/// `darkroom doctor`.
#pragma once

#include "services/provider/provider_desk.hpp"

#include <set>
#include <string>

namespace darkroom {

/// Permits every call, but no second one to a provider that turned out to be
/// throttled or unusable. Remembers nothing else. For one question.
class open_desk : public provider_desk {
public:
  /// @returns ec::throttled, with the provider's words, if no provider is left
  result<provider_permit> book(provider_query query) override;
  void report(provider_report what) override;

private:
  std::set<std::string> left_out_; ///< profiles
  provider_report last_;
};

} // namespace darkroom
