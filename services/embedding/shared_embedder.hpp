/// The embedders of a node, made when they are first needed: loading weights
/// takes longer than most jobs that do not need them.
#pragma once

#include "messages/result.hpp"
#include "services/embedding/text_embedder.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace darkroom {

/// Thread-safe: all processors of a node share it.
class shared_embedder {
public:
  /// Makes the embedder of a model; that of the settings if it is empty.
  using factory = std::function<result<std::unique_ptr<text_embedder>>(
    const std::string& model)>;

  explicit shared_embedder(factory make);

  /// The embedder of a model; that of the settings if it is empty. The first
  /// call makes it, and other calls wait meanwhile. Besides that of the
  /// settings, it keeps the last one that was asked for.
  /// @returns why the embedder cannot be made; the next call tries again
  result<std::shared_ptr<text_embedder>> get(const std::string& model = {});

private:
  std::mutex mutex_;
  factory make_;
  std::shared_ptr<text_embedder> usual_;
  std::shared_ptr<text_embedder> other_;
  std::string other_model_;
};

} // namespace darkroom
