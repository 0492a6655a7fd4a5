#include "services/redis/option_value.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>

namespace darkroom {

namespace {

using nlohmann::json;

constexpr std::string_view spaces = " \t\n\v\f\r";

std::string_view trimmed(std::string_view text) {
  auto first = text.find_first_not_of(spaces);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(spaces) - first + 1);
}

/// "0x1f"; JavaScript does not accept a sign before it.
std::optional<double> hexadecimal(const std::string& text) {
  if (text.size() < 3 || text[0] != '0' || (text[1] != 'x' && text[1] != 'X')
      || text.find_first_not_of("0123456789abcdefABCDEF", 2)
           != std::string::npos)
    return std::nullopt;
  return std::strtod(text.c_str(), nullptr);
}

std::optional<double> number_of_text(std::string_view given) {
  std::string text{trimmed(given)};
  if (auto number = hexadecimal(text))
    return number;
  std::string_view body = text;
  auto is_negative = body.starts_with('-');
  if (is_negative || body.starts_with('+'))
    body.remove_prefix(1);
  if (body == "Infinity")
    return is_negative ? -std::numeric_limits<double>::infinity()
                       : std::numeric_limits<double>::infinity();
  // strtod() accepts more than JavaScript: "nan", "inf", "0x1p3".
  if (body.empty()
      || body.find_first_not_of("0123456789.eE+-") != std::string_view::npos)
    return std::nullopt;
  char* end = nullptr;
  auto number = std::strtod(text.c_str(), &end);
  if (end != text.c_str() + text.size())
    return std::nullopt;
  return number;
}

} // namespace

std::optional<double> number_in(const json& value) {
  if (value.is_number())
    return value.get<double>();
  if (value.is_string())
    return number_of_text(value.get_ref<const std::string&>());
  return std::nullopt;
}

std::optional<double> compared_number(const json& value) {
  if (value.is_boolean())
    return value.get<bool>() ? 1 : 0;
  return number_in(value);
}

bool is_truthy(const json& value) {
  if (value.is_boolean())
    return value.get<bool>();
  if (value.is_number())
    return value.get<double>() != 0;
  if (value.is_string())
    return !value.get_ref<const std::string&>().empty();
  return value.is_structured();
}

int64_t clamped(double number, int64_t least, int64_t most) {
  if (!(number > static_cast<double>(least)))
    return least;
  if (number >= static_cast<double>(most))
    return most;
  return static_cast<int64_t>(number);
}

int64_t number_at(const json& object, const char* key, int64_t otherwise,
                  int64_t least, int64_t most) {
  auto found = object.find(key);
  if (found == object.end())
    return otherwise;
  auto number = number_in(*found);
  return number ? clamped(*number, least, most) : otherwise;
}

} // namespace darkroom
