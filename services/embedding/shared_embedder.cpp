#include "services/embedding/shared_embedder.hpp"

#include <utility>

namespace darkroom {

shared_embedder::shared_embedder(factory make) : make_(std::move(make)) {}

result<text_embedder*> shared_embedder::get() {
  std::lock_guard guard{mutex_};
  if (!made_) {
    auto made = make_();
    if (!made)
      return std::move(made.error());
    made_ = std::move(*made);
  }
  return made_.get();
}

} // namespace darkroom
