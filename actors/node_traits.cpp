#include "actors/node_traits.hpp"

#include <algorithm>

namespace darkroom {

namespace {

std::string describe(const node_trait& x) {
  auto value = x.value.empty() ? "none" : "'" + x.value + "'";
  return x.where.empty() ? value : value + " (" + x.where + ")";
}

/// What to do about a difference, by `node_trait::what`.
const char* advice(const std::string& what) {
  if (what == uploads_trait_name)
    return "mount the same folder on all nodes, and name it in [storage] "
           "uploads (its file darkroom.id tells which it is), or give all "
           "nodes the same bucket";
  if (what == "embedding model")
    return "give all nodes the same [embedding] settings and, where it is "
           "local, the same weights (deploy/fetch-models)";
  if (what == "vision model")
    return "give all nodes the same [vision] settings and, where it is local, "
           "the same models (deploy/fetch-models)";
  if (what == "codec")
    return "install the same darkroom-codec and libvips on all nodes; "
           "`darkroom "
           "doctor` tells what one can do";
  return "give all nodes the same settings";
}

std::string sentence(const node_trait& worker, const std::string& whose,
                     const node_trait& other) {
  return "the " + worker.what + " differs: this worker has " + describe(worker)
         + ", " + whose + " has " + describe(other) + ": "
         + advice(worker.what);
}

} // namespace

const node_trait* find_trait(const node_traits& among,
                             const std::string& what) {
  auto found = std::find_if(among.begin(), among.end(),
                            [&](const auto& x) { return x.what == what; });
  return found == among.end() ? nullptr : &*found;
}

std::string name_difference(const node_traits& main,
                            const node_traits& worker) {
  for (const auto& x : worker) {
    const auto* same = find_trait(main, x.what);
    if (same == nullptr || same->value.empty() || same->value == x.value)
      continue;
    if (same->is_default && !x.is_default)
      continue;
    return sentence(x, "the main node", *same);
  }
  return {};
}

std::string name_difference_to(const std::string& other,
                               const node_traits& theirs,
                               const node_traits& ours) {
  for (const auto& x : ours) {
    const auto* same = find_trait(theirs, x.what);
    if (same != nullptr && same->value != x.value)
      return sentence(x, "node '" + other + "', which is here already,", *same);
  }
  return {};
}

std::string name_copy(const node_traits& main, const node_traits& worker,
                      const std::string& left, const std::string& read) {
  const auto* ours = find_trait(main, uploads_trait_name);
  const auto* theirs = find_trait(worker, uploads_trait_name);
  if (ours == nullptr || theirs == nullptr || left == read)
    return {};
  return "the uploads folder of this worker, " + describe(*theirs)
         + ", is a copy of the main node's, " + describe(*ours)
         + ", or an older state of it: it has "
         + (read.empty() ? "no mark" : "the mark '" + read + "'")
         + " in place of '" + left
         + "', which the main node left there when it became active: mount "
           "the very same folder, or reach the same bucket";
}

} // namespace darkroom
