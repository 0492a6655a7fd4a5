#include "services/embedding/model_identity.hpp"

#include "services/embedding/text_embedder.hpp"
#include "services/process/trial_memory.hpp"
#include "services/provider/provider_list.hpp"
#include "services/text/hex.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <vector>

namespace darkroom {

namespace {

namespace fs = std::filesystem;

constexpr size_t shown_bytes = 8; // of the hash; enough to tell weights apart

result<std::vector<fs::path>> files_of(const std::string& folder) {
  std::vector<fs::path> out;
  std::error_code why;
  for (fs::directory_iterator at{folder, why}, end; !why && at != end;
       at.increment(why))
    if (at->is_regular_file(why))
      out.push_back(at->path());
  if (why || out.empty())
    return fail(ec::bad_config,
                "model weights in '" + folder + "' cannot be read: "
                  + (why ? why.message() : "the folder is empty")
                  + "; run deploy/fetch-models, or correct [embedding] "
                    "weights");
  std::sort(out.begin(), out.end());
  return out;
}

/// A hash of the names and contents of all files.
result<std::string> hash_of(const std::vector<fs::path>& files) {
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, crypto_generichash_BYTES);
  auto add = [&state](const char* bytes, size_t size) {
    crypto_generichash_update(
      &state, reinterpret_cast<const unsigned char*>(bytes), size);
  };
  std::vector<char> buffer(1 << 20);
  for (const auto& path : files) {
    auto name = path.filename().string();
    add(name.c_str(), name.size() + 1);
    std::ifstream file{path, std::ios::binary};
    if (!file)
      return fail(ec::bad_config, "'" + path.string() + "' cannot be read: "
                                    + std::strerror(errno));
    while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()))
           || file.gcount() > 0)
      add(buffer.data(), static_cast<size_t>(file.gcount()));
  }
  std::array<unsigned char, crypto_generichash_BYTES> digest{};
  crypto_generichash_final(&state, digest.data(), digest.size());
  return to_hex(digest.data(), shown_bytes);
}

/// The hash of a folder's files, or the one that was found some minutes ago.
result<std::string> weights_hash(const std::string& folder) {
  auto files = files_of(folder);
  if (!files)
    return std::move(files.error());
  std::string question = "weights";
  for (const auto& path : *files)
    question += ' ' + file_state(path);
  trial_memory memory{question};
  if (auto known = memory.get())
    return std::move(*known);
  auto hash = hash_of(*files);
  if (hash)
    memory.keep(*hash);
  return hash;
}

} // namespace

result<model_identity> embedding_identity(const embedding_settings& cfg) {
  auto kind = embedder_kind_of(cfg);
  if (!kind)
    return std::move(kind.error());
  model_identity out;
  out.is_default = cfg.provider == "auto" && cfg.weights.empty()
                   && cfg.providers.empty();
  if (*kind == embedder_kind::openai) {
    out.is_default = false; // a key or an address asks for it
    auto preferred = providers_of(cfg)->front();
    out.name = preferred.model + ", " + std::to_string(preferred.dimensions)
               + " floats";
    return out;
  }
  out.where = weights_of(cfg).value_or("");
  out.has_weights = !out.where.empty();
  if (!out.has_weights) {
    out.name = "words without weights";
    return out;
  }
  auto hash = weights_hash(out.where);
  if (!hash)
    return std::move(hash.error());
  out.name = "weights " + *hash;
  return out;
}

} // namespace darkroom
