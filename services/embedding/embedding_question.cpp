#include "services/embedding/embedding_question.hpp"

#include "services/embedding/embedding_answer.hpp"
#include "services/embedding/normalise.hpp"
#include "services/json/json.hpp"
#include "services/storage/sha256.hpp"

#include <algorithm>

namespace darkroom {

namespace {

/// About 8,000 tokens, the most that OpenAI's models accept.
constexpr size_t max_text_bytes = 24000;

} // namespace

embedding_question::embedding_question(const std::string& text) {
  auto end = std::min(text.size(), max_text_bytes);
  while (end > 0 && end < text.size() && (text[end] & 0xc0) == 0x80)
    --end; // cuts between two characters
  text_ = text.substr(0, end);
}

std::string embedding_question::answer_key() const {
  sha256_sum sum;
  sum.add(text_);
  return sum.hex();
}

std::string embedding_question::body(const provider_settings& to,
                                     const request_profile& profile) const {
  nlohmann::json body{{"model", to.model}, {"input", text_}};
  if (profile.has_dimensions)
    body["dimensions"] = to.dimensions;
  if (profile.has_encoding)
    body["encoding_format"] = "float";
  return write_json(body);
}

reading embedding_question::read(const nlohmann::json& body,
                                 const provider_settings& from) const {
  reading out;
  auto vector = read_embedding(body, from.dimensions);
  if (vector) {
    out.answer = pack_vector(*vector);
    return out;
  }
  out.problem = std::move(vector.error().context);
  out.is_final = true; // the same text would get the same answer
  return out;
}

bool embedding_question::is_sound(const std::string& answer,
                                  const provider_settings& from) const {
  auto vector = unpack_vector(answer);
  return vector.size() == from.dimensions && normalise(vector);
}

} // namespace darkroom
