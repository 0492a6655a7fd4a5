#include "nodes/api/json_body.hpp"

#include "config/nearest.hpp"
#include "config/words.hpp"
#include "nodes/api/filter_query.hpp"
#include "services/json/json.hpp"
#include "services/text/printable.hpp"
#include "services/text/time_text.hpp"
#include "services/text/utf8.hpp"

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

constexpr size_t max_shown = 60; // shown bytes of a client's text

std::string shown(const nlohmann::json& value) {
  return printable(write_json(value), max_shown);
}

} // namespace

json_body::json_body(const http_request& request) {
  if (request.body.empty())
    return;
  auto parsed = parse_json(request.body);
  if (!parsed)
    problem_ = "the body is not JSON: " + parsed.error().context;
  else if (!parsed->is_object())
    problem_ = "the body is not a JSON object but " + shown(*parsed);
  else
    body_ = std::move(*parsed);
}

const nlohmann::json* json_body::take(const std::string& name) {
  names_.push_back(name);
  auto found = body_.find(name);
  return found == body_.end() || found->is_null() ? nullptr : &*found;
}

bool json_body::has(const std::string& name) const {
  auto found = body_.find(name);
  return found != body_.end() && !found->is_null();
}

void json_body::refuse(const std::string& name, const std::string& allowed) {
  if (problem_.empty())
    problem_ = "the member '" + name + "' is "
               + shown(body_.value(name, nlohmann::json{})) + ", not "
               + allowed;
}

void json_body::require(const std::string& name) {
  if (problem_.empty() && !has(name))
    problem_ = "the body has no member '" + name + "'";
}

int64_t json_body::number(const std::string& name, int64_t otherwise,
                          int64_t least, int64_t most) {
  auto value = take(name);
  if (value == nullptr)
    return otherwise;
  // 1e3 is a whole number in JavaScript.
  auto number = value->is_number() ? value->get<double>() : double(least) - 1;
  if (number >= double(least) && number <= double(most)) {
    auto whole = static_cast<int64_t>(number);
    if (double(whole) == number)
      return whole;
  }
  refuse(name, "a whole number from " + std::to_string(least) + " to "
                 + std::to_string(most));
  return otherwise;
}

std::string json_body::word(const std::string& name,
                            const std::string& otherwise,
                            const std::vector<std::string>& allowed) {
  auto value = take(name);
  if (value == nullptr)
    return otherwise;
  auto text = value->is_string() ? value->get<std::string>() : std::string{};
  if (std::find(allowed.begin(), allowed.end(), text) != allowed.end())
    return text;
  refuse(name, joined(allowed, " or ") + suggestion(text, allowed));
  return otherwise;
}

std::string json_body::text(const std::string& name, size_t most) {
  auto value = take(name);
  if (value == nullptr)
    return {};
  if (value->is_string() && value->get_ref<const std::string&>().size() <= most)
    return value->get<std::string>();
  refuse(name, "a text of at most " + std::to_string(most) + " bytes");
  return {};
}

std::vector<std::string> json_body::texts(const std::string& name,
                                          size_t most) {
  auto value = take(name);
  std::vector<std::string> out;
  if (value == nullptr)
    return out;
  auto is_text = [](const auto& x) {
    return x.is_string();
  };
  if (value->is_array() && value->size() <= most
      && std::all_of(value->begin(), value->end(), is_text))
    return value->get<std::vector<std::string>>();
  refuse(name, "a list of at most " + std::to_string(most) + " texts");
  return out;
}

bool json_body::flag(const std::string& name, bool otherwise) {
  auto value = take(name);
  if (value == nullptr)
    return otherwise;
  if (value->is_boolean())
    return value->get<bool>();
  refuse(name, "true or false");
  return otherwise;
}

int64_t json_body::time(const std::string& name) {
  auto value = take(name);
  if (value == nullptr)
    return 0;
  auto time = value->is_number_integer()
                ? std::optional<int64_t>{value->get<int64_t>()}
              : value->is_string() ? read_time(value->get<std::string>())
                                   : std::nullopt;
  if (time && *time >= 0)
    return *time;
  refuse(name, "a time: ms since the epoch, \"2026-11-29\" or "
               "\"2026-11-29T08:30:00Z\"");
  return 0;
}

nlohmann::json json_body::value(const std::string& name) {
  auto value = take(name);
  return value == nullptr ? nlohmann::json{} : *value;
}

nlohmann::json json_body::object(const std::string& name) {
  auto value = take(name);
  if (value == nullptr)
    return nlohmann::json::object();
  if (value->is_object())
    return *value;
  refuse(name, "an object");
  return nlohmann::json::object();
}

std::optional<http_response> json_body::refusal() const {
  if (!problem_.empty())
    return error_response(400, "bad_input", problem_);
  for (const auto& [name, value] : body_.items())
    if (std::find(names_.begin(), names_.end(), name) == names_.end())
      return error_response(
        400, "bad_input",
        "there is no member '" + printable(name, max_shown) + "'"
          + suggestion(name.substr(0, max_shown), names_),
        names_.empty() ? "this takes none"
                       : "known are " + joined(names_, " or "));
  return std::nullopt;
}

} // namespace darkroom
