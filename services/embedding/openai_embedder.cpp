#include "services/embedding/openai_embedder.hpp"

#include "services/embedding/embedding_answer.hpp"
#include "services/json/json.hpp"

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

using nlohmann::json;

/// About 8,000 tokens, the most that OpenAI's models accept.
constexpr size_t max_text_bytes = 24000;

/// `text`, cut between two characters if it is too long.
std::string clipped(const std::string& text) {
  auto end = std::min(text.size(), max_text_bytes);
  while (end > 0 && end < text.size() && (text[end] & 0xc0) == 0x80)
    --end;
  return text.substr(0, end);
}

} // namespace

openai_embedder::openai_embedder(embedding_settings cfg)
  : cfg_(std::move(cfg)) {}

const std::string& openai_embedder::model() const {
  return cfg_.model;
}

uint32_t openai_embedder::dimensions() const {
  return cfg_.dimensions;
}

result<std::vector<float>>
openai_embedder::embed(const std::string& text,
                       const std::atomic<bool>* cancel) {
  if (text.find_first_not_of(" \t\r\n") == std::string::npos)
    return fail(ec::bad_input, "there is no word to embed");
  json body{{"model", cfg_.model},
            {"input", clipped(text)},
            {"dimensions", cfg_.dimensions},
            {"encoding_format", "float"}};
  json_post post{cfg_.base_url + "/embeddings", write_json(body), cfg_.api_key,
                 cfg_.timeout};
  auto answer = client_.send(post, cancel);
  if (!answer)
    return std::move(answer.error());
  return read_embedding(*answer, cfg_);
}

} // namespace darkroom
