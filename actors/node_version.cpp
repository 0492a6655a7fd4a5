#include "actors/node_version.hpp"

#include "actors/validate.hpp"

namespace darkroom {

namespace {

std::string describe(const node_version& x) {
  auto program = is_name(x.program) ? x.program : "of an unknown version";
  return std::to_string(x.protocol) + " (darkroom " + program + ")";
}

} // namespace

std::string name_difference(const node_version& ours,
                            const node_version& theirs) {
  if (ours.protocol == theirs.protocol)
    return {};
  return "speaks protocol " + describe(ours) + ", the other one "
         + describe(theirs) + ": run the same version of darkroom on both";
}

} // namespace darkroom
