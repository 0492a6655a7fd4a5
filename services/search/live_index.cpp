#include "services/search/live_index.hpp"

#include <utility>

namespace darkroom {

live_index::live_index(catalog_reader& catalog) : catalog_(catalog) {}

status live_index::refresh() {
  auto now = catalog_.state();
  if (!now)
    return std::move(now.error());
  // A smaller number means that a backup was put back.
  if (now->space != space_ || now->change < change_)
    return load(*now);
  if (now->change == change_)
    return ok;
  return catalog_.each_change(change_, space_,
                              [this](const stored_vector& x, int64_t number) {
                                change_ = number;
                                if (x.vector.empty())
                                  vectors_.remove(x.id);
                                else if (!vectors_.upsert(x.id, x.vector)) {
                                  vectors_.remove(x.id);
                                  ++left_out_;
                                }
                              });
}

status live_index::load(const search_state& now) {
  vector_index vectors{now.space.dimensions};
  size_t left_out = 0;
  if (!now.space.model.empty()) {
    auto done = catalog_.each_vector(now.space, [&](const stored_vector& x) {
      if (!vectors.upsert(x.id, x.vector))
        ++left_out;
    });
    if (!done)
      return done;
  }
  space_ = now.space;
  change_ = now.change;
  vectors_ = std::move(vectors);
  left_out_ = left_out;
  return ok;
}

} // namespace darkroom
