/// The embedder of a node, made when it is first needed: loading its weights
/// takes longer than most jobs that do not need it.
#pragma once

#include "messages/result.hpp"
#include "services/embedding/text_embedder.hpp"

#include <functional>
#include <memory>
#include <mutex>

namespace darkroom {

/// Thread-safe: all processors of a node share it.
class shared_embedder {
public:
  using factory = std::function<result<std::unique_ptr<text_embedder>>()>;

  explicit shared_embedder(factory make);

  /// The embedder. The first call makes it, and other calls wait meanwhile. The
  /// pointer is valid as long as this object.
  /// @returns why the embedder cannot be made; the next call tries again
  result<text_embedder*> get();

private:
  std::mutex mutex_;
  factory make_;
  std::unique_ptr<text_embedder> made_;
};

} // namespace darkroom
