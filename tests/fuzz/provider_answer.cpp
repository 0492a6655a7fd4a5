/// What providers of descriptions and embeddings answer. The first byte picks
/// whose answer the rest is.
#include "services/embedding/embedding_answer.hpp"
#include "services/http_client/http_error.hpp"
#include "services/json/json.hpp"
#include "services/vision/openai_answer.hpp"

#include <cmath>
#include <cstdlib>

using namespace darkroom;

namespace {

void require(bool holds) {
  if (!holds)
    std::abort();
}

void read_description(const std::string& body) {
  if (auto found = read_answer(body, "model")) {
    require(!found->description.empty());
    require(parse_json(found->colors).operator bool());
    require(parse_json(found->composition).operator bool());
  }
}

void read_vector(const std::string& body) {
  embedding_settings cfg;
  cfg.dimensions = 2;
  auto vector = read_embedding(body, cfg);
  if (!vector)
    return;
  require(vector->size() == 2);
  for (auto x : *vector)
    require(std::isfinite(x));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0)
    return 0;
  std::string text{reinterpret_cast<const char*>(data + 1), size - 1};
  switch (data[0] % 4) {
    case 0:
      read_description(text);
      break;
    case 1: // as the text of a sound answer
      read_description(
        write_json({{"choices", {{{"message", {{"content", text}}}}}}}));
      break;
    case 2:
      read_vector(text);
      break;
    default: {
      auto why = http_error({429, text, text}, "http://x", "secret", 0);
      require(why.retry_after_ms >= 0);
      require(why.context.find("secret") == why.context.npos);
    }
  }
  return 0;
}
