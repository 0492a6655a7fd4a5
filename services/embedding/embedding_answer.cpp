#include "services/embedding/embedding_answer.hpp"

#include "services/embedding/normalise.hpp"
#include "services/json/member.hpp"
#include "services/json/relaxed_json.hpp"
#include "services/text/base64.hpp"

#include <bit>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace darkroom {

namespace {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little);

constexpr size_t max_floats = 100'000; // the longest vectors have 4,096
constexpr int max_wrappings = 4;       // {"embeddings": {"float": [[…]]}}

error malformed(const std::string& why) {
  return fail(ec::upstream_refused, why);
}

std::optional<float> float_of(const json& x) {
  if (x.is_number())
    return x.get<float>();
  if (!x.is_string())
    return std::nullopt;
  const auto& text = x.get_ref<const std::string&>();
  char* end = nullptr;
  auto value = std::strtof(text.c_str(), &end);
  if (text.empty() || *end != 0)
    return std::nullopt;
  return value;
}

bool is_vector(const json& value) {
  return value.is_array() && !value.empty()
         && (value[0].is_number() || value[0].is_string()
             || value[0].is_null());
}

/// The entry with `index` 0, or the first if none has an index.
const json* entry_of(const json& list) {
  for (const auto& x : list)
    if (auto index = find_member(&x, "index");
        index && index->is_number() && index->get<double>() == 0)
      return &x;
  return first_element(&list);
}

/// The vector, an array or a text, in whatever is around it.
const json* find_vector(const json* value, int depth = 0) {
  if (!value || depth > max_wrappings)
    return nullptr;
  if (value->is_string() || is_vector(*value))
    return value;
  if (value->is_array())
    return find_vector(entry_of(*value), depth + 1);
  for (auto key :
       {"data", "embedding", "embeddings", "float", "values", "vector"})
    if (auto found = find_vector(find_member(value, key), depth + 1))
      return found;
  return nullptr;
}

result<std::vector<float>> floats_of(const json& from) {
  std::vector<float> out;
  if (from.is_string()) {
    const auto& text = from.get_ref<const std::string&>();
    if (text.starts_with('['))
      if (auto list = parse_relaxed_json(text); list && is_vector(*list))
        return floats_of(*list);
    out = unpack_vector(text);
    if (out.empty())
      return malformed("with a text that is no vector");
    return out;
  }
  for (const auto& x : from) {
    auto number = float_of(x);
    if (!number || out.size() == max_floats)
      return malformed("with something in the vector that is not a number");
    out.push_back(*number);
  }
  return out;
}

} // namespace

result<std::vector<float>> read_embedding(const json& body,
                                          uint32_t dimensions) {
  auto found = find_vector(&body);
  if (!found)
    return malformed("without a vector");
  auto vector = floats_of(*found);
  if (!vector)
    return vector;
  if (vector->size() != dimensions)
    return malformed("with " + std::to_string(vector->size())
                     + " floats, but [embedding] dimensions asks for "
                     + std::to_string(dimensions));
  if (!normalise(*vector))
    return malformed("with a vector that has no direction: all its floats are "
                     "0, or one is not finite");
  return vector;
}

std::string pack_vector(const std::vector<float>& vector) {
  return to_base64({reinterpret_cast<const char*>(vector.data()),
                    vector.size() * sizeof(float)});
}

std::vector<float> unpack_vector(const std::string& text) {
  if (text.size() > max_floats * sizeof(float) * 4 / 3 + 4)
    return {};
  auto bytes = from_base64(text).value_or("");
  if (bytes.size() % sizeof(float) != 0)
    return {};
  std::vector<float> out(bytes.size() / sizeof(float));
  if (!out.empty())
    std::memcpy(out.data(), bytes.data(), bytes.size());
  return out;
}

} // namespace darkroom
