/// What providers of descriptions and embeddings answer. The first byte picks
/// what the rest is.
#include "services/embedding/embedding_answer.hpp"
#include "services/json/json.hpp"
#include "services/provider/adapt.hpp"
#include "services/provider/classify.hpp"
#include "services/provider/completion.hpp"
#include "services/provider/retry_hint.hpp"
#include "services/vision/vision_question.hpp"

#include <cmath>
#include <cstdlib>

using namespace darkroom;

namespace {

constexpr size_t max_stored = 100'000; // bytes of metadata: all of it is cut
constexpr const char* key = "sk-secret-0123456789";

void require(bool holds) {
  if (!holds)
    std::abort();
}

void read_description(const std::string& body) {
  auto value = read_body(body);
  if (!value)
    return;
  vision_input none;
  vision_question question(none, "");
  auto said = question.read(*value, {});
  require(said.answer.empty() != said.problem.empty());
  if (said.answer.empty())
    return;
  require(said.answer.size() < max_stored);
  auto found = metadata_of(said.answer);
  require(found.operator bool());
  require(!found->description.empty() && found->tags.size() <= 30);
  require(parse_json(found->colors).operator bool());
  require(parse_json(found->composition).operator bool());
}

void read_vector(const std::string& body) {
  auto value = read_body(body);
  if (!value)
    return;
  auto vector = read_embedding(*value, 2);
  if (!vector)
    return;
  require(vector->size() == 2);
  for (auto x : *vector)
    require(std::isfinite(x));
}

void read_error(long status, const std::string& body) {
  http_answer answer{status, {{"retry-after", body.substr(0, 40)}}, body};
  auto value = read_body(body).value_or(nullptr);
  if (status == 200 && !has_error(value))
    return;
  auto refusal = read_refusal(answer, std::move(value), key);
  require(refusal.words.find(key) == refusal.words.npos);
  require(refusal.words.size() < 2000);
  auto hint = retry_hint(answer, refusal, 1700000000000);
  require(hint >= 0 && hint <= max_hint_ms);
  require(classify(refusal, hint).end != call_end::answered);
  request_profile profile;
  for (auto kind : {request_kind::description, request_kind::embedding})
    if (auto next = adapt(profile, refusal, kind))
      require(read_profile(to_json_text(*next)) == *next);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0)
    return 0;
  std::string text{reinterpret_cast<const char*>(data + 1), size - 1};
  switch (data[0] % 5) {
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
    case 3:
      read_error(200, text);
      break;
    default:
      read_error(429, text);
      read_error(400, text);
  }
  return 0;
}
