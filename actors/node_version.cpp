#include "actors/node_version.hpp"

#include "actors/validate.hpp"

namespace darkroom {

namespace {

std::string describe(const node_version& x) {
  auto program = is_name(x.program) ? x.program : "of an unknown version";
  return std::to_string(x.protocol) + " (darkroom " + program + ")";
}

} // namespace

std::string name_version_difference(const node_version& main,
                                    const node_version& worker,
                                    uint32_t oldest) {
  auto both = "the worker speaks protocol " + describe(worker)
              + ", the main node " + describe(main);
  if (worker.protocol > main.protocol)
    return both
           + ", which is older: upgrade the main nodes first, then the workers";
  if (worker.protocol < oldest)
    return both + ", which serves workers from protocol "
           + std::to_string(oldest) + " on: upgrade the worker";
  return {};
}

} // namespace darkroom
