/// Reads a head that strangers may have written. Numbers are not converted, and
/// texts are accepted only with an expected length or from a list of words. A
/// mistake throws std::exception. Only files in this folder may include this
/// header.
#pragma once

#include <nlohmann/json.hpp>

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace darkroom {

inline constexpr size_t max_text_bytes = 1000; ///< before it becomes UTF-8

template <class T>
T number(const nlohmann::json& from, const char* key) {
  auto& x = from.at(key);
  if (!x.is_number_unsigned()
      || x.get<uint64_t>() > std::numeric_limits<T>::max())
    throw std::out_of_range(std::string{"'"} + key
                            + "' is not a number in the expected range");
  return x.get<T>();
}

// Invalid bytes were replaced in UTF-8, which takes three bytes each.
inline std::string text(const nlohmann::json& x) {
  auto found = x.get<std::string>();
  if (found.size() > 3 * max_text_bytes)
    throw std::out_of_range("a text has " + std::to_string(found.size())
                            + " bytes");
  return found;
}

inline std::string one_of(std::initializer_list<const char*> words,
                          const nlohmann::json& x) {
  auto found = text(x);
  if (std::find(words.begin(), words.end(), found) == words.end())
    throw std::out_of_range("an unexpected word");
  return found;
}

inline std::vector<std::string> texts(const nlohmann::json& list) {
  if (!list.is_array() || list.size() > 16)
    throw std::out_of_range("not a list of at most 16 texts");
  std::vector<std::string> found;
  for (auto& x : list)
    found.push_back(text(x));
  return found;
}

} // namespace darkroom
