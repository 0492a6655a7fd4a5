#include "services/embedding/shared_embedder.hpp"

#include <utility>

namespace darkroom {

shared_embedder::shared_embedder(factory make) : make_(std::move(make)) {}

result<std::shared_ptr<text_embedder>>
shared_embedder::get(const std::string& model) {
  std::lock_guard guard{mutex_};
  if (!usual_ || (!model.empty() && model != usual_->model())) {
    if (other_ && !model.empty() && other_model_ == model)
      return other_;
    auto made = make_(model);
    if (!made)
      return std::move(made.error());
    if (!model.empty()) {
      other_ = std::move(*made);
      other_model_ = model;
      return other_;
    }
    usual_ = std::move(*made);
  }
  return usual_;
}

} // namespace darkroom
