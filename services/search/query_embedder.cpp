#include "services/search/query_embedder.hpp"

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

/// Of 512 floats: 512 KB.
constexpr size_t most_kept = 256;

/// Nobody waits longer for a result; without a vector, words are searched.
constexpr std::chrono::milliseconds longest_wait{5000};

embedding_settings for_queries(embedding_settings cfg) {
  cfg.timeout = std::min(cfg.timeout, longest_wait);
  for (auto& x : cfg.providers)
    x.timeout = std::min(x.timeout, longest_wait);
  return cfg;
}

std::shared_ptr<shared_embedder> embedders_of(embedding_settings cfg) {
  return std::make_shared<shared_embedder>(
    [cfg = for_queries(std::move(cfg))](const std::string& model) {
      return make_embedder(cfg, model);
    });
}

} // namespace

query_embedder::query_embedder(embedding_settings cfg, desk_maker make_desk)
  : make_desk_(std::move(make_desk)),
    embedders_(embedders_of(std::move(cfg))) {}

void query_embedder::use(embedding_settings cfg) {
  auto next = embedders_of(std::move(cfg));
  std::lock_guard guard{mutex_};
  embedders_ = std::move(next);
}

result<std::vector<float>> query_embedder::embed(const std::string& text,
                                                 const vector_space& space) {
  auto key = to_string(space) + "\n" + text;
  {
    std::lock_guard guard{mutex_};
    auto found = std::find_if(kept_.begin(), kept_.end(),
                              [&key](const auto& x) { return x.first == key; });
    if (found != kept_.end()) {
      kept_.splice(kept_.begin(), kept_, found);
      return kept_.front().second;
    }
  }
  auto made = make(text, space);
  if (!made)
    return made;
  std::lock_guard guard{mutex_};
  kept_.emplace_front(std::move(key), *made);
  if (kept_.size() > most_kept)
    kept_.pop_back();
  return made;
}

result<std::vector<float>> query_embedder::make(const std::string& text,
                                                const vector_space& space) {
  auto embedders = [this] {
    std::lock_guard guard{mutex_};
    return embedders_;
  }();
  auto embedder = embedders->get(space.model);
  if (!embedder)
    return std::move(embedder.error());
  auto& maker = **embedder;
  if (maker.host() != space.host || maker.model() != space.model)
    return fail(ec::bad_config, "this node makes vectors of " + maker.host()
                                  + "/" + maker.model()
                                  + ", but the pictures have those of "
                                  + to_string(space));
  auto made = maker.embed_for_search(text, *make_desk_(), nullptr);
  if (!made)
    return std::move(made.error());
  if (made->vector.size() != space.dimensions)
    return fail(ec::bad_config, "this node makes vectors of "
                                  + std::to_string(made->vector.size())
                                  + " floats, but the pictures have those of "
                                  + to_string(space));
  return std::move(made->vector);
}

} // namespace darkroom
